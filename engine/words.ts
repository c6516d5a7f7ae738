import { words as compress } from "./compress.words.ts";
import { words as dataset } from "./evaluate/dataset/dataset.words.ts";
import { words as fidelity } from "./evaluate/fidelity/fidelity.words.ts";
import { words as tfjs } from "./formats/tfjs/tfjs.words.ts";
import { words as tflite } from "./formats/tflite/tflite.words.ts";
import { words as castBfloat16 } from "./passes/cast.bfloat16.words.ts";
import { words as castFloat16 } from "./passes/cast.float16.words.ts";
import { words as clusterKmeans } from "./passes/cluster.kmeans.words.ts";
import { words as common } from "./passes/common.words.ts";
import { words as factorizeSvd } from "./passes/factorize.svd.words.ts";
import { words as functions } from "./passes/inline-functions.words.ts";
import { words as observation } from "./passes/observation/words.ts";
import { words as order } from "./passes/order-check/words.ts";
import { words as pruneMagnitude } from "./passes/prune.magnitude.words.ts";
import { words as pruneNm } from "./passes/prune.nm.words.ts";
import { words as pruneNormalized } from "./passes/prune.normalized.words.ts";
import { locks, words as pruneStructured } from "./passes/prune.structured.words.ts";
import { words as pruneWanda } from "./passes/prune.wanda.words.ts";
import { words as pruning } from "./passes/pruning/words.ts";
import { words as quantization } from "./passes/quantization/words.ts";
import { words as quantizeBlockwise } from "./passes/quantize.blockwise.words.ts";
import { words as quantizeDynamic } from "./passes/quantize.dynamic.words.ts";
import { losses, preparations, words as quantizeStatic } from "./passes/quantize.static.words.ts";
import { words as simplify } from "./passes/simplify.words.ts";
import { words as trainDistill } from "./passes/train.distill.words.ts";
import { words as trainLora } from "./passes/train.lora.words.ts";
import { words as trainPrune } from "./passes/train.prune.words.ts";
import { words as trainQat } from "./passes/train.qat.words.ts";
import { words as trainStructured } from "./passes/train.structured.words.ts";
import { words as training } from "./passes/training/words.ts";
import { words as upgradeOpset } from "./passes/upgrade-opset/words.ts";
import { words as energy } from "./runtime/rapl.words.ts";
import { words as catalogue } from "./train/catalogue/words.ts";

/**
 * Every sentence that the engine says about a compression, in English, by group. This is the only place of the English:
 * the command line and logs render it, and `messages/en` shows the very same texts.
 */
export const words = {
  catalogue,
  common,
  compress,
  dataset,
  functions,
  observation,
  order,
  pruning,
  quantization,
  "cast-bfloat16": castBfloat16,
  "cast-float16": castFloat16,
  "cluster-kmeans": clusterKmeans,
  "factorize-svd": factorizeSvd,
  "prune-magnitude": pruneMagnitude,
  "prune-nm": pruneNm,
  "prune-normalized": pruneNormalized,
  "prune-structured": pruneStructured,
  "prune-structured-locks": locks,
  "prune-wanda": pruneWanda,
  "quantize-blockwise": quantizeBlockwise,
  "quantize-dynamic": quantizeDynamic,
  "quantize-static": quantizeStatic,
  "quantize-static-losses": losses,
  "quantize-static-preparations": preparations,
  simplify,
  tfjs,
  "train-lora": trainLora,
  "train-prune": trainPrune,
  "train-structured": trainStructured,
  "train-distill": trainDistill,
  "train-qat": trainQat,
  tflite,
  training,
  "upgrade-opset": upgradeOpset,
  energy,
  fidelity,
} as const;

export type EngineWords = typeof words;
