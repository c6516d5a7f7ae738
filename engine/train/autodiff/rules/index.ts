import type { Rule } from "../rule.ts";
import { addRule } from "./add.ts";
import { averagePoolRule } from "./average-pool.ts";
import { batchNormalizationRule } from "./batch-normalization.ts";
import { concatRule } from "./concat.ts";
import { convRule } from "./conv.ts";
import { convTransposeRule } from "./conv-transpose.ts";
import { divRule } from "./div.ts";
import { dropoutRule } from "./dropout.ts";
import { expRule } from "./exp.ts";
import { gemmRule } from "./gemm.ts";
import { globalAveragePoolRule, globalMaxPoolRule } from "./global-pool.ts";
import { groupNormalizationRule, instanceNormalizationRule } from "./group-normalization.ts";
import { layerNormalizationRule, rmsNormalizationRule } from "./layer-normalization.ts";
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
  AveragePool: averagePoolRule,
  BatchNormalization: batchNormalizationRule,
  Concat: concatRule,
  Conv: convRule,
  ConvTranspose: convTransposeRule,
  Div: divRule,
  Dropout: dropoutRule,
  Exp: expRule,
  Flatten: reshapeRule,
  Gemm: gemmRule,
  GlobalAveragePool: globalAveragePoolRule,
  GlobalMaxPool: globalMaxPoolRule,
  GroupNormalization: groupNormalizationRule,
  Identity: reshapeRule,
  InstanceNormalization: instanceNormalizationRule,
  LayerNormalization: layerNormalizationRule,
  Log: logRule,
  MatMul: matmulRule,
  MaxPool: maxPoolRule,
  Mul: mulRule,
  Neg: negRule,
  Pow: powRule,
  RMSNormalization: rmsNormalizationRule,
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
  SimplifiedLayerNormalization: rmsNormalizationRule,
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
