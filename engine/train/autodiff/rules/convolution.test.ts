import { describe, expect, it } from "vitest";
import { makeInts, makeString } from "#engine/onnx/attributes.ts";
import { array } from "../testing/array.ts";
import { type RuleCase, spread } from "../testing/case.ts";
import { convolutionChecks } from "../testing/cases/convolution.ts";
import { describeRule } from "../testing/describe-rule.ts";
import { runGradients } from "../testing/run.ts";

for (const check of convolutionChecks) describeRule(check);

describe("what a convolution cannot be trained through", () => {
  it.each(["SAME_UPPER", "SAME_LOWER"])("refuses %s where ONNX Runtime would cut the front", async (auto) => {
    const rule: RuleCase = {
      opType: "Conv",
      inputs: [spread([1, 1, 4], 1), spread([1, 1, 1], 2)],
      attributes: [makeInts("kernel_shape", [1]), makeInts("strides", [4]), makeString("auto_pad", auto)],
      outputs: 1,
      wanted: [0],
      seed: 1,
    };
    await expect(runGradients(rule, [array([1, 1, 1])], 18)).rejects.toThrow("leaves the front out");
  });
});
