import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { openTrainingStep } from "#engine/runtime/training-step.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import { trainingGraph } from "#engine/train/graph/training-graph.ts";
import { lossSchema } from "#engine/train/losses/loss.schema.ts";
import { optimizerSchema, scheduleSchema } from "#engine/train/optimizers/optimizer.schema.ts";
import { Trainer } from "#engine/train/trainer.ts";
import { inputsOf, labelsOf, learningRate, networks } from "./networks.ts";
import { serveSteps } from "./serve.ts";

/** Training steps of this project: ours-child.ts NUMBER */
const network = networks[Number(process.argv[2])];
if (network === undefined) throw new Error("Which network?");
const inputs = inputsOf(network);
const graph = trainingGraph(buildArchitecture(network.spec, 1), {
  inputDims: new Map(Object.entries(inputs).map(([name, { dims }]) => [name, dims])),
  loss: lossSchema.parse({ kind: network.loss }),
});
const labels = labelsOf(network);
const target: HostTensor =
  graph.target?.dtype === "int64"
    ? { dtype: "int64", dims: graph.target.dims, data: BigInt64Array.from(labels, BigInt) }
    : { dtype: "float32", dims: graph.target?.dims ?? [], data: Float32Array.from(labels) };
const trainer = await Trainer.open(
  graph,
  new Map(graph.parameters.map(({ name, tensor }) => [name, readFloats(tensor)])),
  {
    optimizer: optimizerSchema.parse({ kind: "adam", learning_rate: learningRate }),
    schedule: scheduleSchema.parse({ shape: "constant" }),
    totalUpdates: 1,
    accumulate: 1,
    seed: 1,
  },
  openTrainingStep,
);
const feeds = { ...inputs, [graph.target?.name ?? ""]: target };
await serveSteps(() => trainer.step(feeds));
