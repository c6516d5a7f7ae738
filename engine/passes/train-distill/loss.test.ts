import { describe, expect, it } from "vitest";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { openTrainingStep } from "#engine/runtime/training-step.ts";
import { isRemark } from "#engine/say.ts";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { trainingGraph } from "#engine/train/graph/training-graph.ts";
import { lossSchema } from "#engine/train/losses/loss.schema.ts";
import { TrainingMemory } from "#engine/train/optimizers/memory.ts";
import { besideOf } from "./beside.ts";
import { matchHidden } from "./hidden.ts";

const [batch, inputs, width, classes, teacherWidth] = [5, 3, 6, 4, 2];
const loss = lossSchema.parse({ kind: "cross-entropy" });
const network = mlp({ input: [inputs], hidden: [width], outputs: classes }, 4);
const pair = { student: "dense1.relu", teacher: "t", weight: 0.7, loss: "cosine" } as const;

const [x, said, states] = [
  noise(batch * inputs, 1),
  noise(batch * classes, 2),
  noise(batch * teacherWidth, 3),
];
const labels = [0, 3, 1, 1, 2];
const floats = (dims: readonly number[], data: Float64Array | Float32Array): HostTensor => ({
  dtype: "float32",
  dims,
  data: Float32Array.from(data),
});

/** A step on the fixed batch: loss, and gradients by parameter. */
async function step(
  alpha: number,
  temperature: number,
  isMatched: boolean,
  teacher = Float32Array.from(said),
) {
  const matched = matchHidden(network, isMatched ? [pair] : [], [[width]], [[teacherWidth]], {
    batch,
    seed: 8,
  });
  if (isRemark(matched)) throw new Error(matched.key);
  const beside = besideOf(loss, { alpha, temperature }, matched.losses, {
    bytes: 0,
    targets: async () => [],
  });
  const graph = trainingGraph(matched.model, {
    inputDims: new Map([["input", [batch, inputs]]]),
    loss,
    ...(beside && { lossWeight: beside.lossWeight, further: beside.losses }),
  });
  const memory = new TrainingMemory(graph.parameters, ["weights", "gradients"]);
  for (const { name, tensor } of graph.parameters) memory.view("weights", name).set(readFloats(tensor));
  const open = await openTrainingStep(graph, memory);
  const feeds: Record<string, HostTensor> = { input: floats([batch, inputs], x) };
  if (graph.target !== undefined)
    feeds[graph.target.name] = { dtype: "int64", dims: [batch], data: BigInt64Array.from(labels, BigInt) };
  const given = alpha === 0 ? [states] : [teacher, states];
  graph.further.forEach(({ name, dims }, at) => {
    feeds[name] = floats(dims, given[at] ?? states);
  });
  const value = await open.run(feeds);
  const prediction = open.prediction.slice();
  await open.release();
  const parameters = graph.parameters.map(({ name, dims }) => ({
    name,
    dims,
    weights: Float64Array.from(memory.view("weights", name)),
    gradient: memory.view("gradients", name).slice(),
  }));
  return { value, parameters, prediction, target: graph.target };
}

const product = (row: Float64Array, matrix: Float64Array, columns: number, isTransposed: boolean) =>
  Float64Array.from({ length: columns }, (_, to) =>
    row.reduce(
      (sum, entry, from) =>
        sum + entry * (matrix[isTransposed ? to * row.length + from : from * columns + to] ?? 0),
      0,
    ),
  );
const softmax = (row: Float64Array, temperature: number) => {
  const powers = row.map((entry) => Math.exp(entry / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
};

/** The loss from its formula, in float64. */
function formula(
  weights: ReadonlyMap<string, Float64Array>,
  alpha: number,
  t: number,
  isMatched: boolean,
): number {
  const of = (name: string) => weights.get(name) ?? new Float64Array();
  let sum = 0;
  for (let item = 0; item < batch; item++) {
    const row = (data: Float64Array, count: number) => data.subarray(item * count, (item + 1) * count);
    const first = product(row(x, inputs), of("dense1.weight"), width, true);
    const hidden = first.map((entry, at) => Math.max(0, entry + (of("dense1.bias")[at] ?? 0)));
    const second = product(hidden, of("dense2.weight"), classes, true);
    const logits = second.map((entry, at) => entry + (of("dense2.bias")[at] ?? 0));
    sum -= (1 - alpha) * Math.log(softmax(logits, 1)[labels[item] ?? 0] ?? 0);
    const [ours, theirs] = [softmax(logits, t), softmax(row(said, classes), t)];
    theirs.forEach((p, at) => {
      sum += alpha * t ** 2 * p * Math.log(p / (ours[at] ?? 0));
    });
    if (!isMatched) continue;
    const seen = product(hidden, of("dense1.relu_projection"), teacherWidth, false);
    const wanted = row(states, teacherWidth);
    const dot = (a: Float64Array, b: Float64Array) =>
      a.reduce((all, entry, at) => all + entry * (b[at] ?? 0), 0);
    sum += pair.weight * (1 - dot(seen, wanted) / Math.sqrt(dot(seen, seen) * dot(wanted, wanted)));
  }
  return sum / batch;
}

describe("the loss of distillation", () => {
  it.each([
    { alpha: 0.9, temperature: 4, isMatched: true },
    { alpha: 0.3, temperature: 1, isMatched: false },
    { alpha: 1, temperature: 2, isMatched: true },
    { alpha: 0, temperature: 4, isMatched: true },
  ])("and its gradients are those of the formula: %j", async ({ alpha, temperature, isMatched }) => {
    const { value, parameters, target } = await step(alpha, temperature, isMatched);
    expect(target === undefined).toBe(alpha === 1);
    const weights = new Map(parameters.map(({ name, weights: values }) => [name, values]));
    expect(weights.has("dense1.relu_projection")).toBe(isMatched);
    const at = (moved: ReadonlyMap<string, Float64Array>) => formula(moved, alpha, temperature, isMatched);
    expect(value).toBeCloseTo(at(weights), 5);
    let checked = 0;
    for (const { name, weights: values, gradient } of parameters) {
      gradient.forEach((entry, place) => {
        const moved = (by: number) =>
          at(new Map(weights).set(name, values.with(place, (values[place] ?? 0) + by)));
        expect(entry, `${name} ${place}`).toBeCloseTo((moved(1e-6) - moved(-1e-6)) / 2e-6, 4);
        checked++;
      });
    }
    expect(checked).toBe(6 * 3 + 6 + 4 * 6 + 4 + (isMatched ? 6 * 2 : 0));
  });

  it("pulls nowhere where the teacher says what the student says", async () => {
    const { prediction } = await step(1, 4, false);
    const { value, parameters } = await step(1, 4, false, prediction);
    expect(Math.abs(value)).toBeLessThan(1e-6);
    for (const { gradient } of parameters) expect(Math.max(...gradient.map(Math.abs))).toBeLessThan(1e-6);
  });
});
