import type { Rule } from "../rule.ts";
import { addRule } from "./add.ts";
import { concatRule } from "./concat.ts";
import { convRule } from "./conv.ts";
import { divRule } from "./div.ts";
import { expRule } from "./exp.ts";
import { gemmRule } from "./gemm.ts";
import { logRule } from "./log.ts";
import { matmulRule } from "./matmul.ts";
import { maxPoolRule } from "./max-pool.ts";
import { mulRule } from "./mul.ts";
import { negRule } from "./neg.ts";
import { powRule } from "./pow.ts";
import { reduceExtremeRule } from "./reduce-extreme.ts";
import { reduceL1Rule } from "./reduce-l1.ts";
import { reduceL2Rule } from "./reduce-l2.ts";
import { reduceLogSumRule } from "./reduce-log-sum.ts";
import { reduceLogSumExpRule } from "./reduce-log-sum-exp.ts";
import { reduceMeanRule } from "./reduce-mean.ts";
import { reduceProdRule } from "./reduce-prod.ts";
import { reduceSumRule } from "./reduce-sum.ts";
import { reduceSumSquareRule } from "./reduce-sum-square.ts";
import { reluRule } from "./relu.ts";
import { reshapeRule } from "./reshape.ts";
import { sigmoidRule } from "./sigmoid.ts";
import { sliceRule } from "./slice.ts";
import { softmaxRule } from "./softmax.ts";
import { splitRule } from "./split.ts";
import { sqrtRule } from "./sqrt.ts";
import { subRule } from "./sub.ts";
import { tanhRule } from "./tanh.ts";
import { transposeRule } from "./transpose.ts";

/** The gradient rule of each operator of the default domain that can be trained through. */
export const rules: Readonly<Record<string, Rule>> = {
  Add: addRule,
  Concat: concatRule,
  Conv: convRule,
  Div: divRule,
  Exp: expRule,
  Flatten: reshapeRule,
  Gemm: gemmRule,
  Identity: reshapeRule,
  Log: logRule,
  MatMul: matmulRule,
  MaxPool: maxPoolRule,
  Mul: mulRule,
  Neg: negRule,
  Pow: powRule,
  ReduceL1: reduceL1Rule,
  ReduceL2: reduceL2Rule,
  ReduceLogSum: reduceLogSumRule,
  ReduceLogSumExp: reduceLogSumExpRule,
  ReduceMax: reduceExtremeRule,
  ReduceMean: reduceMeanRule,
  ReduceMin: reduceExtremeRule,
  ReduceProd: reduceProdRule,
  ReduceSum: reduceSumRule,
  ReduceSumSquare: reduceSumSquareRule,
  Relu: reluRule,
  Reshape: reshapeRule,
  Sigmoid: sigmoidRule,
  Slice: sliceRule,
  Softmax: softmaxRule,
  Split: splitRule,
  Sqrt: sqrtRule,
  Squeeze: reshapeRule,
  Sub: subRule,
  Tanh: tanhRule,
  Transpose: transposeRule,
  Unsqueeze: reshapeRule,
};
