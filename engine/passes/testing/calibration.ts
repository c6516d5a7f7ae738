import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { observe } from "../observe.ts";
import { type CalibrationData, type PassContext, silent } from "../pass.ts";

/** Calibration items that are given as they are, one call each. */
export function itemsOf(...feeds: readonly TensorMap[]): CalibrationData {
  return {
    items: feeds.length,
    description: `${feeds.length} items`,
    batches: () => feeds.map((feed, at) => ({ feeds: feed, rows: Uint32Array.of(at), size: 1 })),
  };
}

export function floatInput(dims: number[], data: Float32Array): TensorMap[string] {
  return { dtype: "float32", dims, data };
}

export function calibrating(calibration: CalibrationData): PassContext {
  return { ...silent, load: loadExecutable, calibration };
}

/** √(Σ (x − y)² / Σ x²) of a value of the main graph over the calibration items. */
export async function valueError(
  original: Model,
  variant: Model,
  name: string,
  calibration: CalibrationData,
): Promise<number> {
  const record = async (model: Model) => {
    const parts: Float32Array[] = [];
    await observe(model, [name], calibrating(calibration), ({ values }) => {
      parts.push(values[name]?.data as Float32Array);
    });
    return parts.flatMap((part) => [...part]);
  };
  const [one, other] = [await record(original), await record(variant)];
  let [signal, noise] = [0, 0];
  one.forEach((x, at) => {
    signal += x * x;
    noise += (x - (other[at] ?? Number.NaN)) ** 2;
  });
  return Math.sqrt(noise / signal);
}
