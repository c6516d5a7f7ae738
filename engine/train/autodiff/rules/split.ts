import { makeInt } from "#engine/onnx/attributes.ts";
import { fromFront } from "../operand.ts";
import type { Rule } from "../rule.ts";
import { padZeros, zeros } from "../tensors.ts";

/** The gradients of the parts, one after the other; zeros for parts that the loss does not depend on. */
export const splitRule: Rule = (site, upstream, emit) => {
  const x = site.input(0);
  const axis = fromFront(site.int("axis", 0), x.dims.length);
  const parts = site.outputs.map((output, at) => {
    if (output === undefined) throw site.refusal(`nobody reads its output ${at}, which has no name`);
    return { dims: output.dims, gradient: upstream[at] };
  });
  const [only, ...others] = parts.flatMap(({ gradient }, at) => (gradient === undefined ? [] : [at]));
  const along = (from: number, to: number) =>
    parts.slice(from, to).reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  const gradient = only === undefined ? undefined : parts[only]?.gradient;
  if (only !== undefined && gradient !== undefined && others.length === 0) {
    const at = (count: number) => x.dims.map((_, other) => (other === axis ? count : 0));
    return [padZeros(emit, gradient, at(along(0, only)), at(along(only + 1, parts.length)))];
  }
  const all = parts.map(({ dims, gradient: part }) => part ?? zeros(emit, dims));
  return [emit.op("Concat", all, x.dims, [makeInt("axis", axis)])];
};
