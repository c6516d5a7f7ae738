import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadSession } from "#engine/runtime/session.ts";
import type { CalibrationData } from "../../pass.ts";

/** The first output of a model, as ONNX Runtime executes it after its fusions, over all batches. */
async function outputsOn(model: Model, data: CalibrationData): Promise<{ values: number[]; dims: number[] }> {
  const session = await loadSession(Buffer.concat(encodeModel(model)));
  const values: number[] = [];
  let dims: number[] = [];
  try {
    for (const { feeds } of data.batches(session.signature)) {
      const results = await session.run(feeds);
      const result = results[session.signature.outputs[0]?.name ?? ""];
      if (!(result?.data instanceof Float32Array)) throw new Error("the first output is not float32");
      for (const value of result.data) values.push(value);
      dims = [...result.dims];
    }
  } finally {
    await session.release();
  }
  return { values, dims };
}

export interface Errors {
  /** ‖changed − original‖ / ‖original‖. */
  readonly relative: number;
  /** The largest mean of a channel's errors, over the root mean square of the original. */
  readonly mean: number;
}

/**
 * How far a changed model is from the original on the same data.
 *
 * @param axis of the channels of the output
 */
export async function errorsOn(
  data: CalibrationData,
  original: Model,
  changed: Model,
  axis = 1,
): Promise<Errors> {
  const [a, b] = [await outputsOn(original, data), await outputsOn(changed, data)];
  if (a.values.length !== b.values.length || a.values.length === 0) throw new Error("no outputs to compare");
  const channels = a.dims[axis] ?? 1;
  const inner = a.dims.slice(axis + 1).reduce((x, y) => x * y, 1);
  const sums = new Array<number>(channels).fill(0);
  let [error, size] = [0, 0];
  a.values.forEach((value, at) => {
    const off = (b.values[at] ?? Number.NaN) - value;
    error += off * off;
    size += value * value;
    const channel = Math.floor(at / inner) % channels;
    sums[channel] = (sums[channel] ?? 0) + off;
  });
  const perChannel = a.values.length / channels;
  const rms = Math.sqrt(size / a.values.length);
  const mean = Math.max(...sums.map((sum) => Math.abs(sum / perChannel))) / rms;
  return { relative: Math.sqrt(error / size), mean };
}
