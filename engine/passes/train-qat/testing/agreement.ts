import type { Dataset } from "#engine/evaluate/dataset/dataset.ts";
import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { loadExecutable, trainingOf } from "#engine/runtime/tools.ts";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import { BatchSource } from "#engine/train/batches.ts";
import { trainingGraph } from "#engine/train/graph/training-graph.ts";
import { silent } from "../../pass.ts";
import { trainQatSchema } from "../../train.qat.schema.ts";
import { labelsOf, lossOf } from "../../training/loss.ts";
import { signatureOf } from "../../training/signature.ts";
import { fakeQuantized, givenScales } from "../fake.ts";
import { planQat, writePlan } from "../plan.ts";

export interface Agreement {
  /** What goes into the loss, item by item. */
  readonly fake: Float32Array;
  /** What the exported model gives, as ONNX Runtime executes it after its fusions. */
  readonly exported: Float32Array;
  readonly model: Model;
}

/**
 * The same items through the fake-quantised model as a training evaluates it, and through the model that is exported.
 *
 * @param moved share by which weights and scales are moved first, at random, as a training might
 */
export async function agreement(
  source: Model,
  dataset: Dataset,
  given: object,
  moved: number,
): Promise<Agreement> {
  const options = trainQatSchema.parse({ use: "train.qat", ...given });
  const training = trainingOf(dataset);
  const plan = await planQat(source, options, training, { ...silent, load: loadExecutable }, () => {});
  if ("changed" in plan) throw new Error("it is not applicable");
  const fake = fakeQuantized(plan);
  if (fake === undefined) throw new Error("there are no pairs");
  const rows = dataset.splits.train.slice(0, 40);
  const batch = new BatchSource(dataset, signatureOf(source), rows, rows.length);
  const loss = lossOf(options, labelsOf(dataset));
  const graph = trainingGraph(fake.model, { inputDims: batch.inputDims, loss, frozen: plan.frozen });
  const values = new Map(
    graph.parameters.map(({ name, tensor }, at) => {
      const old = readFloats(tensor);
      const random = noise(old.length, at + 1);
      return [name, old.map((value, k) => value * (1 + moved * (random[k] ?? 0)))];
    }),
  );
  const weights: TensorMap = Object.fromEntries(
    graph.parameters.map(({ name, dims }) => [
      name,
      { dtype: "float32", dims, data: values.get(name) ?? new Float32Array() } as const,
    ]),
  );
  const feeds = batch.feeds(rows);
  const { model } = writePlan(plan, values, options.format, givenScales(fake, values));
  const [fakeOutput, exported] = [
    await firstOutput(graph.evaluation, { ...feeds, ...weights }),
    await firstOutput(model, feeds),
  ];
  return { fake: fakeOutput, exported, model };
}

async function firstOutput(model: Model, feeds: TensorMap): Promise<Float32Array> {
  const session = await loadSession(Buffer.concat(encodeModel(model)));
  try {
    const results = await session.run(feeds);
    const data = results[model.graph.output[0]?.name ?? ""]?.data;
    if (!(data instanceof Float32Array)) throw new Error("the output is not float32");
    return data;
  } finally {
    await session.release();
  }
}
