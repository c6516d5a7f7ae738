import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { Comparer } from "../testing/compare.ts";
import { exact, fromRanges, goldenFolder } from "./testing/golden.ts";
import { executedOps } from "./testing/kernels.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

/** What takes the place of a product in float32 once its pairs are fused. */
const integerProducts = /^(QLinearConv|QLinearMatMul|QGemm|MatMulIntegerToFloat|ConvInteger|MatMulInteger)$/;

/** As fast as ONNX Runtime's own files, as far as a file can decide that: the same kernels, the same number of each. */
describe.skipIf(goldenFolder === undefined)(
  "after ONNX Runtime's optimisation the operators are the golden file's",
  () => {
    it.each(exact)("$title", async (variant) => {
      const ours = await executedOps(comparer.save(fromRanges(variant)));
      expect(ours).toEqual(await executedOps(join(goldenFolder ?? "", variant.file)));
      expect(Object.keys(ours).some((op) => integerProducts.test(op))).toBe(true);
    });
  },
);
