import type { Rule } from "../rule.ts";
import { absRule } from "./abs.ts";
import { addRule } from "./add.ts";
import { averagePoolRule } from "./average-pool.ts";
import { batchNormalizationRule } from "./batch-normalization.ts";
import { castRule } from "./cast.ts";
import { celuRule } from "./celu.ts";
import { clipRule } from "./clip.ts";
import { concatRule } from "./concat.ts";
import { convRule } from "./conv.ts";
import { convTransposeRule } from "./conv-transpose.ts";
import { cosRule } from "./cos.ts";
import { cumSumRule } from "./cum-sum.ts";
import { depthToSpaceRule } from "./depth-to-space.ts";
import { divRule } from "./div.ts";
import { dropoutRule } from "./dropout.ts";
import { einsumRule } from "./einsum.ts";
import { eluRule } from "./elu.ts";
import { erfRule } from "./erf.ts";
import { expRule } from "./exp.ts";
import { expandRule } from "./expand.ts";
import { extremeRule } from "./extreme.ts";
import { gatherRule } from "./gather.ts";
import { gatherElementsRule } from "./gather-elements.ts";
import { gatherNdRule } from "./gather-nd.ts";
import { geluRule } from "./gelu.ts";
import { gemmRule } from "./gemm.ts";
import { globalAveragePoolRule, globalMaxPoolRule } from "./global-pool.ts";
import { groupNormalizationRule, instanceNormalizationRule } from "./group-normalization.ts";
import { hardSigmoidRule } from "./hard-sigmoid.ts";
import { hardSwishRule } from "./hard-swish.ts";
import { layerNormalizationRule, rmsNormalizationRule } from "./layer-normalization.ts";
import { leakyReluRule } from "./leaky-relu.ts";
import { logRule } from "./log.ts";
import { logSoftmaxRule } from "./log-softmax.ts";
import { matmulRule } from "./matmul.ts";
import { maxPoolRule } from "./max-pool.ts";
import { meanRule } from "./mean.ts";
import { mishRule } from "./mish.ts";
import { mulRule } from "./mul.ts";
import { negRule } from "./neg.ts";
import { noGradient } from "./none.ts";
import { oneHotRule } from "./one-hot.ts";
import { padRule } from "./pad.ts";
import { powRule } from "./pow.ts";
import { preluRule } from "./prelu.ts";
import { reciprocalRule } from "./reciprocal.ts";
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
import { resizeRule } from "./resize.ts";
import { scatterElementsRule } from "./scatter-elements.ts";
import { scatterNdRule } from "./scatter-nd.ts";
import { seluRule } from "./selu.ts";
import { sigmoidRule } from "./sigmoid.ts";
import { sinRule } from "./sin.ts";
import { sliceRule } from "./slice.ts";
import { softmaxRule } from "./softmax.ts";
import { softplusRule } from "./softplus.ts";
import { softsignRule } from "./softsign.ts";
import { spaceToDepthRule } from "./space-to-depth.ts";
import { splitRule } from "./split.ts";
import { sqrtRule } from "./sqrt.ts";
import { subRule } from "./sub.ts";
import { sumRule } from "./sum.ts";
import { swishRule } from "./swish.ts";
import { tanhRule } from "./tanh.ts";
import { thresholdedReluRule } from "./thresholded-relu.ts";
import { tileRule } from "./tile.ts";
import { topKRule } from "./top-k.ts";
import { transposeRule } from "./transpose.ts";
import { triluRule } from "./trilu.ts";
import { whereRule } from "./where.ts";

/** The gradient rule of each operator of the default domain that can be trained through. */
export const rules: Readonly<Record<string, Rule>> = {
  ...noGradient,
  Abs: absRule,
  Add: addRule,
  AveragePool: averagePoolRule,
  BatchNormalization: batchNormalizationRule,
  Cast: castRule,
  Celu: celuRule,
  Clip: clipRule,
  Concat: concatRule,
  Conv: convRule,
  ConvTranspose: convTransposeRule,
  Cos: cosRule,
  CumSum: cumSumRule,
  DepthToSpace: depthToSpaceRule,
  Div: divRule,
  Dropout: dropoutRule,
  Einsum: einsumRule,
  Elu: eluRule,
  Erf: erfRule,
  Exp: expRule,
  Expand: expandRule,
  Flatten: reshapeRule,
  Gather: gatherRule,
  GatherElements: gatherElementsRule,
  GatherND: gatherNdRule,
  Gelu: geluRule,
  Gemm: gemmRule,
  GlobalAveragePool: globalAveragePoolRule,
  GlobalMaxPool: globalMaxPoolRule,
  GroupNormalization: groupNormalizationRule,
  HardSigmoid: hardSigmoidRule,
  HardSwish: hardSwishRule,
  Identity: reshapeRule,
  InstanceNormalization: instanceNormalizationRule,
  LayerNormalization: layerNormalizationRule,
  LeakyRelu: leakyReluRule,
  Log: logRule,
  LogSoftmax: logSoftmaxRule,
  MatMul: matmulRule,
  Max: extremeRule,
  MaxPool: maxPoolRule,
  Mean: meanRule,
  Min: extremeRule,
  Mish: mishRule,
  Mul: mulRule,
  Neg: negRule,
  OneHot: oneHotRule,
  PRelu: preluRule,
  Pad: padRule,
  Pow: powRule,
  RMSNormalization: rmsNormalizationRule,
  Reciprocal: reciprocalRule,
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
  Resize: resizeRule,
  ScatterElements: scatterElementsRule,
  ScatterND: scatterNdRule,
  Selu: seluRule,
  Sigmoid: sigmoidRule,
  SimplifiedLayerNormalization: rmsNormalizationRule,
  Sin: sinRule,
  Slice: sliceRule,
  Softmax: softmaxRule,
  Softplus: softplusRule,
  Softsign: softsignRule,
  SpaceToDepth: spaceToDepthRule,
  Split: splitRule,
  Sqrt: sqrtRule,
  Squeeze: reshapeRule,
  Sub: subRule,
  Sum: sumRule,
  Swish: swishRule,
  Tanh: tanhRule,
  ThresholdedRelu: thresholdedReluRule,
  Tile: tileRule,
  TopK: topKRule,
  Transpose: transposeRule,
  Trilu: triluRule,
  Unsqueeze: reshapeRule,
  Where: whereRule,
};
