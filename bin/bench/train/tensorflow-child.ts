import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { setWasmPaths } from "@tensorflow/tfjs-backend-wasm";
import { inputsOf, labelsOf, learningRate, networks } from "./networks.ts";
import { serveSteps } from "./serve.ts";
import { addMissingGradients } from "./tensorflow-gradients.ts";
import { forwardOf } from "./tensorflow-networks.ts";

/** Training steps of TensorFlow.js: tensorflow-child.ts NUMBER wasm|node */
const network = networks[Number(process.argv[2])];
if (network === undefined) throw new Error("Which network?");
if (process.argv[3] === "wasm") {
  const folder = join(import.meta.dirname, "../../../node_modules/@tensorflow/tfjs-backend-wasm/dist/");
  setWasmPaths(folder);
  await tf.setBackend("wasm");
  // It falls back without a word.
  if (tf.getBackend() !== "wasm") throw new Error(`The backend is ${tf.getBackend()}`);
  addMissingGradients();
}
const inputs = Object.values(inputsOf(network)).map(({ dtype, dims, data }) =>
  dtype === "int64"
    ? tf.tensor(Int32Array.from(data as BigInt64Array, Number), [...dims], "int32")
    : tf.tensor(data as Float32Array, [...dims]),
);
const labels = labelsOf(network);
const isClass = network.loss === "cross-entropy";
const target = isClass
  ? tf.oneHot(tf.tensor1d(labels, "int32"), "outputs" in network.spec ? network.spec.outputs : 1)
  : tf.tensor(labels, [labels.length, 1]);
const { variables, forward } = forwardOf(network.spec);
const optimizer = tf.train.adam(learningRate);
const loss = () => {
  const output = forward(inputs);
  const made = isClass
    ? tf.losses.softmaxCrossEntropy(target, output)
    : tf.losses.meanSquaredError(target, output);
  return made as tf.Scalar;
};
await serveSteps(async () => {
  const value = optimizer.minimize(loss, true, variables);
  await value?.data();
  value?.dispose();
});
