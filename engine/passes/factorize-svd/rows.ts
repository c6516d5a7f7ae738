import { toNumbers } from "#engine/evaluate/tensors/elements.ts";
import { elementCount, type HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { type Matrix, matrixOf } from "../../linear-algebra/matrix.ts";

/**
 * Evenly spaced vectors along the last axis of a value.
 *
 * @param size of the last axis; undefined comes back where it is another
 * @param share of the value, from its beginning, that is of real items
 * @param most vectors to take
 */
export function evenRows(value: HostTensor, size: number, share: number, most: number): Matrix | undefined {
  if (value.dims.at(-1) !== size) return undefined;
  const values = toNumbers(value);
  const present = Math.floor((values.length / size) * share);
  const rows = Math.min(present, most);
  const out = new Float64Array(rows * size);
  for (let row = 0; row < rows; row++) {
    const from = Math.floor((row * present) / rows) * size;
    out.set(values.subarray(from, from + size), row * size);
  }
  return matrixOf(out, rows, size);
}

/**
 * The channels of a value [N, C, …] at evenly spaced positions of its items, less an offset per channel.
 *
 * @param offsets C numbers; undefined comes back where the value has another number of channels
 */
export function positionRows(
  value: HostTensor,
  offsets: Float32Array,
  share: number,
  most: number,
): Matrix | undefined {
  const [items = 0, channels = 0, ...spatial] = value.dims;
  if (channels !== offsets.length) return undefined;
  const area = elementCount(spatial);
  const values = toNumbers(value);
  const present = Math.floor(items * area * share);
  const rows = Math.min(present, most);
  const out = new Float64Array(rows * channels);
  for (let row = 0; row < rows; row++) {
    const position = Math.floor((row * present) / rows);
    const item = Math.floor(position / area);
    let from = item * channels * area + (position - item * area);
    for (let channel = 0; channel < channels; channel++, from += area) {
      out[row * channels + channel] = values[from]! - offsets[channel]!;
    }
  }
  return matrixOf(out, rows, channels);
}
