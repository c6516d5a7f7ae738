import { makeInt } from "#engine/onnx/attributes.ts";
import { ruleOf } from "../rule.ts";

/** The same triangle of the gradient. */
export const triluRule = ruleOf((site, dy, emit) => [
  emit.op("Trilu", [dy, site.inputs[1]], dy.dims, [makeInt("upper", site.int("upper", 1))]),
]);
