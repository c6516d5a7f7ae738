import type { Rule } from "../rule.ts";
import { addRule } from "./add.ts";
import { averagePoolRule } from "./average-pool.ts";
import { batchNormalizationRule } from "./batch-normalization.ts";
import { convRule } from "./conv.ts";
import { convTransposeRule } from "./conv-transpose.ts";
import { divRule } from "./div.ts";
import { gemmRule } from "./gemm.ts";
import { globalAveragePoolRule, globalMaxPoolRule } from "./global-pool.ts";
import { groupNormalizationRule, instanceNormalizationRule } from "./group-normalization.ts";
import { layerNormalizationRule, rmsNormalizationRule } from "./layer-normalization.ts";
import { matmulRule } from "./matmul.ts";
import { maxPoolRule } from "./max-pool.ts";
import { mulRule } from "./mul.ts";
import { reluRule } from "./relu.ts";
import { reshapeRule } from "./reshape.ts";
import { softmaxRule } from "./softmax.ts";
import { subRule } from "./sub.ts";
import { transposeRule } from "./transpose.ts";

/** The gradient rule of each operator of the default domain that can be trained through. */
export const rules: Readonly<Record<string, Rule>> = {
  Add: addRule,
  AveragePool: averagePoolRule,
  BatchNormalization: batchNormalizationRule,
  Conv: convRule,
  ConvTranspose: convTransposeRule,
  Div: divRule,
  Flatten: reshapeRule,
  Gemm: gemmRule,
  GlobalAveragePool: globalAveragePoolRule,
  GlobalMaxPool: globalMaxPoolRule,
  GroupNormalization: groupNormalizationRule,
  Identity: reshapeRule,
  InstanceNormalization: instanceNormalizationRule,
  LayerNormalization: layerNormalizationRule,
  MatMul: matmulRule,
  MaxPool: maxPoolRule,
  Mul: mulRule,
  RMSNormalization: rmsNormalizationRule,
  Relu: reluRule,
  Reshape: reshapeRule,
  SimplifiedLayerNormalization: rmsNormalizationRule,
  Softmax: softmaxRule,
  Squeeze: reshapeRule,
  Sub: subRule,
  Transpose: transposeRule,
  Unsqueeze: reshapeRule,
};
