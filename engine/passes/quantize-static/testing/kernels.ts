import { decodeModel } from "#engine/onnx/decode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { optimizedModel } from "#engine/runtime/optimized-model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { opTypes } from "../../testing/build.ts";
import { realModels } from "../../testing/real-models.ts";

/** Products with weights in integers, and what they are fused to, after ONNX Runtime's optimisation; cosine at least. */
export const expected: Record<string, { integer: Record<string, number>; cosine: number }> = {
  "data/onnx/mnist/cnn_max_mninst2.onnx": { integer: { QLinearConv: 2, QLinearMatMul: 2 }, cosine: 0.998 },
  "data/onnx/mnist/mnist2x10.onnx": { integer: { QGemm: 3 }, cosine: 0.995 },
  "data/onnx/mnist/softmax-last-layer.onnx": { integer: { QGemm: 3 }, cosine: 0.999 },
  "data/onnx/gonnx/ndm.onnx": { integer: { QGemm: 3 }, cosine: 0.999 },
  "data/onnx/magika-fast-v2_1/model.onnx": { integer: { QLinearConv: 1, QLinearMatMul: 2 }, cosine: 0.998 },
  "data/onnx/silero-vad/silero_vad_16k_op15.onnx": { integer: { QLinearConv: 6 }, cosine: 0.98 },
  "data/onnx/traffic-sign/model-german-traffic-sign-fast.onnx": {
    integer: { QLinearConv: 2, QLinearMatMul: 2 },
    cosine: 0.98,
  },
  "data/onnx/traffic-sign/traffic-classifier64.onnx": {
    integer: { QLinearConv: 2, QLinearMatMul: 3 },
    cosine: 0.999,
  },
  "data/onnx/face/version-RFB-320_simplified.onnx": { integer: { QLinearConv: 52 }, cosine: 0.998 },
  "data/onnx/face/version-slim-320.onnx": { integer: { QLinearConv: 42 }, cosine: 0.999 },
  "data/onnx/tiny-random-gpt2/fp32/past.onnx": { integer: { QLinearMatMul: 16 }, cosine: 0.995 },
  "data/torch/torch_cnn_bn.onnx": { integer: { QLinearConv: 2, QGemm: 2 }, cosine: 0.999 },
  "data/torch/torch_lstm.onnx": { integer: { QGemm: 1 }, cosine: 0.999 },
  "data/torch/torch_mf.onnx": { integer: {}, cosine: 0.999 },
  "data/torch/torch_transformer.onnx": { integer: { QLinearMatMul: 12, QGemm: 1 }, cosine: 0.98 },
  "data/huggingface/bert-sentiment/model.onnx": { integer: { QLinearMatMul: 16, QGemm: 2 }, cosine: 0.999 },
};
export const known = realModels.filter(({ path }) => path in expected && sharedData(path) !== undefined);

/** How many nodes there are of each operator. */
export function countOps(model: Model): Record<string, number> {
  const found: Record<string, number> = {};
  for (const op of opTypes(model.graph)) found[op] = (found[op] ?? 0) + 1;
  return found;
}

/** The operators that ONNX Runtime executes, after all of its fusions. */
export async function executedOps(path: string): Promise<Record<string, number>> {
  return countOps(decodeModel(await optimizedModel(path)));
}
