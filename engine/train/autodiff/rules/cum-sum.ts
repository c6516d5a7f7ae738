import { makeInt } from "#engine/onnx/attributes.ts";
import { ruleOf } from "../rule.ts";

/** A summand is part of every later sum: the gradient is summed from the other end. */
export const cumSumRule = ruleOf((site, dy, emit) => [
  emit.op("CumSum", [dy, site.input(1)], dy.dims, [
    makeInt("exclusive", site.int("exclusive", 0)),
    makeInt("reverse", 1 - site.int("reverse", 0)),
  ]),
]);
