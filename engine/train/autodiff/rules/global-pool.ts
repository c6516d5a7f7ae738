import { makeInt } from "#engine/onnx/attributes.ts";
import { sizeOf } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { expand, mul, reshape, zeros } from "../tensors.ts";

/** y = mean over all places of a channel: each has the same share of dy. */
export const globalAveragePoolRule = ruleOf((site, dy, emit) => {
  const { dims } = site.input(0);
  return [expand(emit, mul(emit, dy, 1 / sizeOf(dims.slice(2))), dims)];
});

/** y = maximum over all places of a channel: the first of them has dy. */
export const globalMaxPoolRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const rows = sizeOf(x.dims.slice(0, 2));
  const flat = reshape(emit, x, [rows, sizeOf(x.dims.slice(2))]);
  const best = emit.op("ArgMax", [flat], [rows, 1], [makeInt("axis", 1)]);
  const scattered = emit.op(
    "ScatterElements",
    [zeros(emit, flat.dims), best, reshape(emit, dy, [rows, 1])],
    flat.dims,
    [makeInt("axis", 1)],
  );
  return [reshape(emit, scattered, x.dims)];
});
