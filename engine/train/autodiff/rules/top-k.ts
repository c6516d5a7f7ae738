import { makeInt, makeString } from "#engine/onnx/attributes.ts";
import { ruleOf } from "../rule.ts";
import { zeros } from "../tensors.ts";

/** The values that were picked get their gradients, the others none; the indices have no gradient. */
export const topKRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const places = site.extraOutput(1, dy.dims);
  const attributes = [makeInt("axis", site.int("axis", -1)), makeString("reduction", "add")];
  return [emit.op("ScatterElements", [zeros(emit, x.dims), places, dy], x.dims, attributes)];
});
