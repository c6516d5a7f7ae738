import { z } from "zod";
import { makeInt } from "#engine/onnx/attributes.ts";
import { malformed } from "../artifact/fault.ts";
import { maxRank } from "../artifact/limits.ts";
import { transpose } from "../graph/layout.ts";
import { type Dim, productOf, signal } from "../graph/signal.ts";
import { type LayerRule, options, single } from "./call.ts";
import { dataFormat, size } from "./options.ts";

/** One axis for each item. */
export const flatten: LayerRule = (call) => {
  const { data_format: isFirst } = options(call, z.object({ data_format: dataFormat }));
  const x = single(call);
  const { writer, spec } = call;
  const rank = x.dims.length;
  const order = [0, ...Array.from({ length: rank - 2 }, (_, at) => at + 2), 1];
  const last = isFirst && rank > 2 ? transpose(writer, x, order, spec.name) : x;
  const name = writer.node("Flatten", [last.name], spec.name, [makeInt("axis", 1)]);
  return [signal(name, [x.dims[0] ?? null, productOf(x.dims.slice(1))], x.dtype)];
};

/** null is what is left, as −1 is. */
const target = z
  .int()
  .min(-1)
  .nullable()
  .transform((dim) => dim ?? -1);

const reshapeSchema = z.object({ target_shape: z.array(target).max(maxRank - 1) });

export const reshape: LayerRule = (call) => {
  const { target_shape: wanted } = options(call, reshapeSchema);
  const x = single(call);
  const all = productOf(x.dims.slice(1));
  const fixed = wanted.reduce((product, dim) => product * (dim === -1 ? 1 : dim), 1);
  const open = wanted.filter((dim) => dim === -1).length;
  if (open > 1 || wanted.includes(0)) throw malformed("Its target_shape is not one", call.spec.place);
  if (all !== null && (open === 0 ? fixed !== all : all % fixed !== 0)) {
    throw malformed(`It makes ${fixed} values of ${all}`, call.spec.place);
  }
  const dims = wanted.map((dim): Dim => (dim !== -1 ? dim : all === null ? null : all / fixed));
  const { writer, spec } = call;
  // Where all sizes are known, the batch is what is left.
  const shape = dims.every((dim) => typeof dim === "number") ? [-1, ...dims] : [0, ...wanted];
  const name = writer.node("Reshape", [x.name, writer.ints(shape)], spec.name);
  return [signal(name, [x.dims[0] ?? null, ...dims], x.dtype)];
};

const permuteSchema = z.object({ dims: z.array(size).max(maxRank - 1) });

export const permute: LayerRule = (call) => {
  const { dims } = options(call, permuteSchema);
  const x = single(call);
  const rank = x.dims.length;
  if (dims.length !== rank - 1 || new Set(dims).size < dims.length || Math.max(0, ...dims) >= rank) {
    throw malformed(`Its dims are no order of ${rank - 1} axes`, call.spec.place);
  }
  return [{ ...transpose(call.writer, x, [0, ...dims], call.spec.name), masked: false }];
};

export const repeatVector: LayerRule = (call) => {
  const { n } = options(call, z.object({ n: size }));
  const x = single(call);
  const [rows = null, width = null] = x.dims;
  if (x.dims.length !== 2) throw malformed("It repeats vectors, and its input is none", call.spec.place);
  const { writer, spec } = call;
  const long = writer.node("Unsqueeze", [x.name, writer.ints([1])], spec.name);
  const name = writer.node("Expand", [long, writer.ints([1, n, 1])], spec.name);
  return [signal(name, [rows, n, width], x.dtype)];
};
