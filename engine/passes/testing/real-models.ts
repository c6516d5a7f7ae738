import type { CompareRequest } from "./compare.ts";

export interface RealModel {
  readonly path: string;
  readonly options?: Omit<CompareRequest, "original" | "changed">;
}

/** Models of the shared data that others made, and inputs that suit them. */
export const realModels: readonly RealModel[] = [
  { path: "data/onnx/mnist/cnn_max_mninst2.onnx" },
  { path: "data/onnx/mnist/mnist2x10.onnx" },
  { path: "data/onnx/mnist/mnist2x5_sigmoid.onnx" },
  { path: "data/onnx/mnist/mnist5x20_leaky_relu.onnx" },
  { path: "data/onnx/mnist/softmax-last-layer.onnx" },
  { path: "data/onnx/gonnx/gru.onnx" },
  { path: "data/onnx/gonnx/mlp.onnx" },
  { path: "data/onnx/gonnx/ndm.onnx" },
  { path: "data/onnx/gonnx/scaler.onnx" },
  { path: "data/onnx/magika-fast-v2_1/model.onnx", options: { ranges: { bytes: [0, 257] } } },
  {
    path: "data/onnx/silero-vad/silero_vad_16k_op15.onnx",
    options: {
      shapes: { input: [2, 576], state: [2, 2, 128], sr: [] },
      ranges: { sr: [16000, 16001], input: [-0.1, 0.1], state: [-0.1, 0.1] },
    },
  },
  { path: "data/onnx/light/light_densenet121.onnx" },
  { path: "data/onnx/light/light_resnet50.onnx" },
  { path: "data/onnx/light/light_shufflenet.onnx" },
  { path: "data/onnx/light/light_squeezenet.onnx" },
  { path: "data/onnx/traffic-sign/model-german-traffic-sign-fast.onnx" },
  { path: "data/onnx/traffic-sign/traffic-classifier64.onnx" },
  { path: "data/onnx/face/version-RFB-320_simplified.onnx" },
  { path: "data/onnx/face/version-slim-320.onnx" },
  {
    path: "data/onnx/tiny-random-gpt2/fp32/past.onnx",
    options: { dims: { seq_len: 3, past_seq_len: 4, total_seq_len: 7 }, ranges: { attention_mask: [1, 2] } },
  },
  { path: "data/torch/torch_cnn_bn.onnx" },
  { path: "data/torch/torch_lstm.onnx" },
  { path: "data/torch/torch_mf.onnx" },
  { path: "data/torch/torch_transformer.onnx" },
  { path: "data/huggingface/bert-sentiment/model.onnx" },
];
