import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import type { Converted } from "../../source.ts";
import { convertTensorflowJs } from "../convert.ts";
import { filesFor, randomize, type Saved, saved } from "./save.ts";

/** Largest difference that rounding in another order makes, relative to the largest value. */
const tolerance = 2e-5;

export interface Trial {
  /** Rows of the batch. */
  readonly rows?: number;
  /** Sizes for axes that the model leaves open. */
  readonly open?: number;
  /** Inputs hold whole numbers below this. */
  readonly indices?: number;
  /** How large inputs are, each once; default: from small to extreme, and zeros. */
  readonly scales?: readonly number[];
  readonly edit?: (saved: Saved) => void;
}

const everyScale = [1, 30, 0, 1000];

/** Converts a model that TensorFlow.js built, runs both on several inputs, and compares every output. */
export async function expectSame(model: tf.LayersModel, trial: Trial = {}): Promise<Converted> {
  const result = await convertedWith(model, trial);
  await expectSameRuns(model, result.model, trial);
  return result;
}

/** The graph of a model whose weights are those that `expectSame` gives. */
export async function converted(model: tf.LayersModel, trial: Trial = {}): Promise<Model> {
  return (await convertedWith(model, trial)).model;
}

async function convertedWith(model: tf.LayersModel, { edit }: Trial): Promise<Converted> {
  randomize(model, 7);
  const files = await saved(model);
  edit?.(files);
  return convertTensorflowJs(filesFor(files));
}

/** Runs a model of TensorFlow.js and a graph on the same inputs. */
export async function expectSameRuns(model: tf.LayersModel, onnx: Model, trial: Trial = {}): Promise<void> {
  validateModel(onnx);
  const session = await loadSession(joinChunks(encodeModel(onnx)));
  try {
    expect(session.signature.inputs).toHaveLength(model.inputs.length);
    for (const scale of trial.indices === undefined ? (trial.scales ?? everyScale) : [1]) {
      const feeds = model.inputs.map((input, at) => feedOf(input, at, scale, trial));
      const wanted = [model.predict(feeds, { batchSize: 64 })].flat();
      const named = feeds.map(
        (feed, at) => [session.signature.inputs[at]?.name ?? "", hostOf(feed)] as const,
      );
      const found = await session.run(Object.fromEntries(named));
      session.signature.outputs.forEach(({ name, shape }, at) => {
        const expected = wanted[at];
        const actual = found[name];
        if (expected === undefined || actual === undefined) throw new Error(`no output ${name}`);
        expectClose(actual, expected);
        expect(shape).toHaveLength(expected.shape.length);
        shape.forEach((dim, axis) => {
          if (typeof dim === "number" && dim >= 0) expect(dim).toBe(expected.shape[axis]);
        });
      });
      expect(wanted).toHaveLength(session.signature.outputs.length);
      tf.dispose([...feeds, ...wanted]);
    }
  } finally {
    await session.release();
  }
}

export function expectClose(actual: HostTensor, expected: tf.Tensor): void {
  expect(actual.dims).toEqual(expected.shape);
  const [a, b] = [Array.from(actual.data, Number), Array.from(expected.dataSync(), Number)];
  const largest = b.reduce(
    (most, value) => (Number.isFinite(value) ? Math.max(most, Math.abs(value)) : most),
    0,
  );
  let worst = 0;
  for (const [at, value] of b.entries()) {
    const other = a[at] ?? Number.NaN;
    if (Object.is(value, other) || value === other) continue;
    const difference = Math.abs(value - other);
    worst = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : Math.max(worst, difference);
  }
  expect(worst).toBeLessThanOrEqual(tolerance * Math.max(1e-2, largest));
}

function feedOf(
  input: tf.SymbolicTensor,
  at: number,
  scale: number,
  { rows = 3, open = 5, indices }: Trial,
): tf.Tensor {
  const shape = input.shape.map((dim, axis) => dim ?? (axis === 0 ? rows : open));
  const count = shape.reduce((product, dim) => product * dim, 1);
  const values = noise(count, 31 + at);
  if (indices !== undefined) {
    const whole = Float32Array.from(values, (value) => Math.floor(((value + 1) / 2) * indices) % indices);
    return tf.tensor(whole, shape, input.dtype === "int32" ? "int32" : "float32");
  }
  return tf.tensor(
    Float32Array.from(values, (value) => value * scale),
    shape,
  );
}

export function hostOf(tensor: tf.Tensor): HostTensor {
  const data = tensor.dataSync();
  const dims = tensor.shape;
  if (tensor.dtype === "int32") return { dtype: "int32", dims, data: Int32Array.from(data) };
  if (tensor.dtype === "bool") return { dtype: "bool", dims, data: Uint8Array.from(data) };
  return { dtype: "float32", dims, data: Float32Array.from(data) };
}

/** Runs a graph of one input and one output on a value, and compares what comes out. */
export async function expectOutput(onnx: Model, input: tf.Tensor, wanted: tf.Tensor): Promise<void> {
  validateModel(onnx);
  const session = await loadSession(joinChunks(encodeModel(onnx)));
  const { inputs, outputs } = session.signature;
  const found = await session.run({ [inputs[0]?.name ?? ""]: hostOf(input) });
  await session.release();
  const actual = found[outputs[0]?.name ?? ""];
  if (actual === undefined) throw new Error("no output");
  expectClose(actual, wanted);
}
