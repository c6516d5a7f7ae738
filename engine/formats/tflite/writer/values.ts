import { readTensor } from "#engine/onnx/tensor.ts";
import type { LiteTensor } from "../reader/lite-model.ts";
import { constantTensor } from "./constants.ts";
import { integerForm } from "./integers.ts";

/** The numbers that the integers of a constant stand for, as float32. */
export function integerValues(tensor: LiteTensor): Float32Array {
  const values = Array.from<number | bigint>(readTensor(constantTensor(tensor, "")));
  const form = integerForm(tensor);
  if (form === undefined) return Float32Array.from(values, Number);
  const count = form.scales.length;
  // So many values follow one another with the same scale.
  const run =
    count === 1 ? values.length : tensor.shape.slice(form.axis + 1).reduce((all, dim) => all * dim, 1);
  return Float32Array.from(values, (value, at) => {
    const item = count === 1 ? 0 : Math.floor(at / run) % count;
    return (Number(value) - (form.zeroPoints[item] ?? 0)) * (form.scales[item] ?? 1);
  });
}
