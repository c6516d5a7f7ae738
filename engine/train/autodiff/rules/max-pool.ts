import { makeInt, makeString } from "#engine/onnx/attributes.ts";
import { sizeOf } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { reshape, zeros } from "../tensors.ts";

/**
 * Each maximum hands its gradient to the place that it came from; where windows overlap, gradients add up. (MaxUnpool
 * would keep one of them.) The places are the operator's own second output.
 */
export const maxPoolRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  if (site.int("storage_order", 0) !== 0) throw site.refusal("its indices are in column-major order");
  const places = site.extraOutput(1, dy.dims);
  const size = sizeOf(x.dims);
  const flat = [sizeOf(dy.dims)];
  const scattered = emit.op(
    "ScatterElements",
    [zeros(emit, [size]), reshape(emit, places, flat), reshape(emit, dy, flat)],
    [size],
    [makeInt("axis", 0), makeString("reduction", "add")],
  );
  return [reshape(emit, scattered, x.dims)];
});
