/** A dense layer of TensorFlow.js as its `model.json` describes it. */
const dense = (name: string, units: number, activation: string) => ({
  class_name: "Dense",
  config: { name, units, activation, use_bias: true, trainable: true, dtype: "float32" },
});
const input = (features: number) => ({
  class_name: "InputLayer",
  config: { name: "x", batch_input_shape: [null, features], dtype: "float32", sparse: false },
});

/**
 * The files of a classifier of TensorFlow.js, by name: features → 32 → classes. Each of the first features speaks for the
 * class of its number.
 */
export function denseFiles(features: number, classes: number): Record<string, Uint8Array> {
  const hidden = 32;
  const first = new Float32Array(features * hidden).map((_, at) => 0.02 * Math.sin(at));
  const second = new Float32Array(hidden * classes).map((_, at) => 0.02 * Math.cos(at));
  for (let label = 0; label < classes; label++) {
    first[label * hidden + label] = 3;
    second[label * classes + label] = 3;
  }
  const parts = [first, new Float32Array(hidden), second, new Float32Array(classes)];
  const weights = new Uint8Array(Buffer.concat(parts.map(({ buffer }) => Buffer.from(buffer))));
  const shapes = [
    ["hidden/kernel", [features, hidden]],
    ["hidden/bias", [hidden]],
    ["scores/kernel", [hidden, classes]],
    ["scores/bias", [classes]],
  ] as const;
  const description = {
    format: "layers-model",
    generatedBy: "keras v2.15.0",
    modelTopology: {
      keras_version: "2.15.0",
      backend: "tensorflow",
      model_config: {
        class_name: "Sequential",
        config: {
          name: "points",
          layers: [input(features), dense("hidden", hidden, "relu"), dense("scores", classes, "linear")],
        },
      },
    },
    weightsManifest: [
      {
        paths: ["group1-shard1of1.bin"],
        weights: shapes.map(([name, shape]) => ({ name, shape, dtype: "float32" })),
      },
    ],
  };
  return {
    "model.json": new TextEncoder().encode(JSON.stringify(description)),
    "group1-shard1of1.bin": weights,
  };
}
