/** Models, in the shared data, of which ONNX Runtime's quantiser made the golden files of the same name. */
export const goldenSources: Readonly<Record<string, string>> = {
  cnn_max_mninst2: "data/onnx/mnist/cnn_max_mninst2.onnx",
  mnist2x10: "data/onnx/mnist/mnist2x10.onnx",
  "softmax-last-layer": "data/onnx/mnist/softmax-last-layer.onnx",
  torch_cnn_bn: "data/torch/torch_cnn_bn.onnx",
  torch_lstm: "data/torch/torch_lstm.onnx",
  torch_transformer: "data/torch/torch_transformer.onnx",
};
