import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { sharedData } from "#engine/testing/shared.ts";
import type { CalibrationData } from "../../pass.ts";

const batchSize = 10;
const pixels = 28 * 28;
const header = 16;

/** The first images of MNIST's train split, 10 a batch, each pixel float32(value) / 255. */
export function mnistCalibration(count: number): CalibrationData {
  const path = sharedData("data/datasets/mnist/train-images-idx3-ubyte.gz");
  if (path === undefined) throw new Error("no MNIST");
  const bytes = gunzipSync(readFileSync(path));
  return {
    items: count,
    description: `${count} images`,
    batches: ({ inputs }) => ({
      *[Symbol.iterator]() {
        const { name, shape } = inputs[0] ?? { name: "", shape: [] };
        for (let start = 0; start < count; start += batchSize) {
          const size = Math.min(batchSize, count - start);
          const from = header + start * pixels;
          const data = Float32Array.from(bytes.subarray(from, from + size * pixels), (value) => value / 255);
          const dims = [size, ...shape.slice(1).map(Number)];
          const rows = Uint32Array.from({ length: size }, (_, at) => start + at);
          yield { feeds: { [name]: { dtype: "float32", dims, data } }, rows, size };
        }
      },
    }),
  };
}

/** Outputs of a model, as ONNX Runtime executes it after its fusions, over all batches one after the other. */
async function outputsOf(model: Model, data: CalibrationData): Promise<number[]> {
  const session = await loadSession(Buffer.concat(encodeModel(model)));
  const values: number[] = [];
  for (const { feeds } of data.batches(session.signature)) {
    const results = await session.run(feeds);
    const [first] = session.signature.outputs;
    values.push(...Array.from((results[first?.name ?? ""]?.data ?? []) as Float32Array));
  }
  await session.release();
  return values;
}

/** Cosine of the outputs of two models on the same data. */
export async function cosineOn(data: CalibrationData, a: Model, b: Model): Promise<number> {
  return cosine(await outputsOf(a, data), await outputsOf(b, data));
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, at) => sum + value * (y[at] ?? 0), 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
