import { makeInt, makeString } from "#engine/onnx/attributes.ts";
import { ruleOf } from "../rule.ts";
import { zeros } from "../tensors.ts";

/** The gradients of a value that was read several times add up. */
export const gatherElementsRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const attributes = [makeInt("axis", site.int("axis", 0)), makeString("reduction", "add")];
  return [emit.op("ScatterElements", [zeros(emit, x.dims), site.input(1), dy], x.dims, attributes)];
});
