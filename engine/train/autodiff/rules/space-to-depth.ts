import { makeInt } from "#engine/onnx/attributes.ts";
import { ruleOf } from "../rule.ts";

/** The other way round. */
export const spaceToDepthRule = ruleOf((site, dy, emit) => [
  emit.op("DepthToSpace", [dy], site.input(0).dims, [makeInt("blocksize", site.int("blocksize", 1))]),
]);
