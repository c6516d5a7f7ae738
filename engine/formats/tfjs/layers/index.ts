import { activationLayer, elu, leakyRelu, prelu, relu, softmax, thresholdedRelu } from "./activations.ts";
import { cropping, zeroPadding } from "./borders.ts";
import type { LayerRule } from "./call.ts";
import { convolution, depthwise, separable } from "./convolution.ts";
import { transposedConvolution } from "./convolution-transposed.ts";
import { dense } from "./dense.ts";
import { dot } from "./dot.ts";
import { embedding, masking } from "./embedding.ts";
import { chained, concatenate, joint } from "./merge.ts";
import { batchNormalization, layerNormalization } from "./normalization.ts";
import { globalPooling, pooling } from "./pooling.ts";
import { recurrent } from "./recurrent.ts";
import { rescaling } from "./rescaling.ts";
import { flatten, permute, repeatVector, reshape } from "./shapes.ts";
import { upSampling } from "./up-sampling.ts";
import { bidirectional, timeDistributed } from "./wrappers.ts";

/** Layers that do something in training alone. */
export const trainingOnly: ReadonlySet<string> = new Set([
  "Dropout",
  "SpatialDropout1D",
  "SpatialDropout2D",
  "SpatialDropout3D",
  "GaussianDropout",
  "GaussianNoise",
  "AlphaDropout",
  "ActivityRegularization",
]);

/** How each layer is written in ONNX. */
export const layerRules: Readonly<Record<string, LayerRule>> = {
  Activation: activationLayer,
  Add: chained("Add"),
  Average: joint("Mean"),
  AveragePooling1D: pooling("AveragePool", 1),
  AveragePooling2D: pooling("AveragePool", 2),
  BatchNormalization: batchNormalization,
  BatchNormalizationV1: batchNormalization,
  BatchNormalizationV2: batchNormalization,
  Bidirectional: bidirectional,
  Concatenate: concatenate,
  Conv1D: convolution(1),
  Conv1DTranspose: transposedConvolution(1),
  Conv2D: convolution(2),
  Conv2DTranspose: transposedConvolution(2),
  Conv3D: convolution(3),
  Cropping1D: cropping(1),
  Cropping2D: cropping(2),
  Dense: dense,
  DepthwiseConv1D: depthwise(1),
  DepthwiseConv2D: depthwise(2),
  Dot: dot,
  ELU: elu,
  Embedding: embedding,
  Flatten: flatten,
  GlobalAveragePooling1D: globalPooling("GlobalAveragePool", 1),
  GlobalAveragePooling2D: globalPooling("GlobalAveragePool", 2),
  GlobalMaxPooling1D: globalPooling("GlobalMaxPool", 1),
  GlobalMaxPooling2D: globalPooling("GlobalMaxPool", 2),
  GRU: recurrent,
  LayerNormalization: layerNormalization,
  LeakyReLU: leakyRelu,
  LSTM: recurrent,
  Masking: masking,
  MaxPooling1D: pooling("MaxPool", 1),
  MaxPooling2D: pooling("MaxPool", 2),
  Maximum: joint("Max"),
  Minimum: joint("Min"),
  Multiply: chained("Mul"),
  Permute: permute,
  PReLU: prelu,
  ReLU: relu,
  RepeatVector: repeatVector,
  Rescaling: rescaling,
  Reshape: reshape,
  SeparableConv1D: separable(1),
  SeparableConv2D: separable(2),
  SimpleRNN: recurrent,
  Softmax: softmax,
  Subtract: chained("Sub"),
  ThresholdedReLU: thresholdedRelu,
  TimeDistributed: timeDistributed,
  UpSampling1D: upSampling(1),
  UpSampling2D: upSampling(2),
  ZeroPadding1D: zeroPadding(1),
  ZeroPadding2D: zeroPadding(2),
};
