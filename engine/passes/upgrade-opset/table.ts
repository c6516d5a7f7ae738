import { type EngineRemark, say } from "#engine/say.ts";
import type { Adapter } from "./adapter.ts";
import {
  clip11,
  dft20,
  dropout12,
  intsToInput,
  pad2,
  pad11,
  reshape5,
  slice10,
  split2,
  split18,
  tile6,
  topK10,
  upsample9,
} from "./adapters/attribute-to-input.ts";
import { broadcast7, prelu7 } from "./adapters/broadcast.ts";
import { batchNormalization, groupNormalization21 } from "./adapters/normalization.ts";
import { scan9 } from "./adapters/scan.ts";
import {
  cast6,
  concat4,
  dropAttributes,
  dropout10,
  gridSample20,
  lpPool2,
  resize11,
  resize13,
  roiAlign16,
  scatter11,
  selu6,
  softmax13,
  upsample7,
  upsample10,
} from "./adapters/semantics.ts";

function each(operators: string, version: number, adapter: Adapter): Record<string, Adapter> {
  return Object.fromEntries(operators.split(/\s+/).map((operator) => [`${operator}@${version}`, adapter]));
}

/**
 * Every change between versions of the standard operators, up to opset 22, that alters what a node means or how it is
 * written, by `Operator@version`. Changes that only allow more (types, negative axes, new optional attributes with
 * the old behaviour as default) need nothing. Source: the changelog of the ONNX operators.
 */
export const adapters: Readonly<Record<string, Adapter>> = {
  ...each("LpPool GlobalLpPool", 2, lpPool2),
  "Pad@2": pad2,
  "Split@2": split2,
  "Concat@4": concat4,
  "Reshape@5": reshape5,
  ...each(
    `Abs Add Ceil Clip Div Dropout Elu Exp Floor HardSigmoid InstanceNormalization LeakyRelu Log Max Mean Min Mul
    Neg PRelu Reciprocal Relu Sigmoid Sqrt Sub Sum Tanh`,
    6,
    dropAttributes("consumed_inputs"),
  ),
  "BatchNormalization@6": batchNormalization,
  "Cast@6": cast6,
  "Selu@6": selu6,
  "Tile@6": tile6,
  ...each("Add Sub Mul Div Pow And Or Xor Equal Greater Less", 7, broadcast7),
  "PRelu@7": prelu7,
  "Gemm@7": dropAttributes("broadcast"),
  "BatchNormalization@7": batchNormalization,
  "Dropout@7": dropAttributes("is_test"),
  ...each("LSTM GRU RNN", 7, dropAttributes("output_sequence")),
  "Upsample@7": upsample7,
  "BatchNormalization@9": batchNormalization,
  "Scan@9": scan9,
  "Upsample@9": upsample9,
  "Dropout@10": dropout10,
  "Slice@10": slice10,
  "TopK@10": topK10,
  "Upsample@10": upsample10,
  "Clip@11": clip11,
  "Pad@11": pad11,
  "Resize@11": resize11,
  "Scatter@11": scatter11,
  "Dropout@12": dropout12,
  ...each("Softmax LogSoftmax Hardmax", 13, softmax13),
  ...each("Squeeze Unsqueeze ReduceSum", 13, intsToInput("axes", 1)),
  "Split@13": intsToInput("split", 1),
  "Resize@13": resize13,
  "BatchNormalization@14": batchNormalization,
  "RoiAlign@16": roiAlign16,
  ...each(
    "ReduceMax ReduceMin ReduceMean ReduceProd ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceSumSquare",
    18,
    intsToInput("axes", 1),
  ),
  "Split@18": split18,
  "DFT@20": dft20,
  "GridSample@20": gridSample20,
  "GroupNormalization@21": groupNormalization21,
};

/** Versions to which an operator cannot go at all, and why. */
export const refusals: Readonly<Record<string, EngineRemark>> = Object.fromEntries(
  `Bernoulli GlobalLpPool MaxRoiPool Multinomial RandomNormal RandomNormalLike RandomUniform RandomUniformLike
  RoiAlign`
    .split(/\s+/)
    .map((operator) => [`${operator}@22`, say("upgrade-opset.noKernel")]),
);

/** The highest opset that `adapters` and `knownOperators` describe. */
export const highestTarget = 22;

/** Every operator of the standard up to opset 22 that is not experimental or removed. An unknown one is refused. */
export const knownOperators: ReadonlySet<string> = new Set(
  `Abs Acos Acosh Add AffineGrid And ArgMax ArgMin Asin Asinh Atan Atanh AveragePool BatchNormalization Bernoulli
  BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BlackmanWindow Cast CastLike Ceil Celu CenterCropPad Clip Col2Im
  Compress Concat ConcatFromSequence Constant ConstantOfShape Conv ConvInteger ConvTranspose Cos Cosh CumSum DFT
  DeformConv DepthToSpace DequantizeLinear Det Div Dropout DynamicQuantizeLinear Einsum Elu Equal Erf Exp Expand
  EyeLike Flatten Floor GRU Gather GatherElements GatherND Gelu Gemm GlobalAveragePool GlobalLpPool GlobalMaxPool
  Greater GreaterOrEqual GridSample GroupNormalization HammingWindow HannWindow HardSigmoid HardSwish Hardmax Identity
  If ImageDecoder InstanceNormalization IsInf IsNaN LRN LSTM LayerNormalization LeakyRelu Less LessOrEqual Log
  LogSoftmax Loop LpNormalization LpPool MatMul MatMulInteger Max MaxPool MaxRoiPool MaxUnpool Mean
  MeanVarianceNormalization MelWeightMatrix Min Mish Mod Mul Multinomial Neg NegativeLogLikelihoodLoss
  NonMaxSuppression NonZero Not OneHot Optional OptionalGetElement OptionalHasElement Or PRelu Pad Pow QLinearConv
  QLinearMatMul QuantizeLinear RNN RandomNormal RandomNormalLike RandomUniform RandomUniformLike Range Reciprocal
  ReduceL1 ReduceL2 ReduceLogSum ReduceLogSumExp ReduceMax ReduceMean ReduceMin ReduceProd ReduceSum ReduceSumSquare
  RegexFullMatch Relu Reshape Resize ReverseSequence RoiAlign Round STFT Scan Scatter ScatterElements ScatterND Selu
  SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap Shape Shrink
  Sigmoid Sign Sin Sinh Size Slice Softmax SoftmaxCrossEntropyLoss Softplus Softsign SpaceToDepth Split
  SplitToSequence Sqrt Squeeze StringConcat StringNormalizer StringSplit Sub Sum Tan Tanh TfIdfVectorizer
  ThresholdedRelu Tile TopK Transpose Trilu Unique Unsqueeze Upsample Where Xor`.split(/\s+/),
);
