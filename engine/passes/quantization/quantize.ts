import { arena, leastForKernel } from "#engine/kernels/arena.ts";
import { extentOf } from "./extent.ts";
import { fullRange, type IntegerType, integerRange, type RangeOptions } from "./range.ts";
import { scaleZeroPoint } from "./scale.ts";

export interface Quantized {
  /** Row-major, one element per entry. */
  readonly values: Int8Array | Uint8Array | Int16Array | Uint16Array;
  /** float32: one value, or one per channel. */
  readonly scales: Float32Array;
  readonly zeroPoints: number[];
}

const storage = {
  int8: Int8Array,
  uint8: Uint8Array,
  int16: Int16Array,
  uint16: Uint16Array,
  int4: Int8Array,
  uint4: Uint8Array,
} as const;

/** See `roundToEven`; inlined because this is the inner loop. */
const magic = 6755399441055744;

/**
 * Linear quantisation of a whole tensor or of each slice along one axis, after ONNX Runtime's `quantize_data`:
 * q = clip(rint(float32(x / scale)) + zero point), half to even, clipped to all that the type can hold.
 *
 * The tensor is seen as [outer, channels, inner], row-major; per tensor is [1, 1, n].
 *
 * @returns undefined where a value is not finite or the range overflows float32: no scale describes those
 */
export function quantizeChannels(
  data: Float32Array,
  layout: { channels: number; inner: number },
  type: IntegerType,
  options: RangeOptions,
): Quantized | undefined {
  const { channels, inner } = layout;
  const low = new Float32Array(channels);
  const high = new Float32Array(channels);
  let finite = true;
  forEachRow(data.length, channels, inner, (channel, start, end) => {
    const { min, max, isNumber } = extentOf(data, start, end);
    low[channel] = Math.min(low[channel] ?? 0, min);
    high[channel] = Math.max(high[channel] ?? 0, max);
    finite &&= isNumber;
  });
  const range = integerRange(type, options);
  const scales = new Float32Array(channels);
  const zeroPoints: number[] = [];
  for (let channel = 0; channel < channels; channel++) {
    const found = scaleZeroPoint(low[channel] ?? 0, high[channel] ?? 0, range, options.symmetric);
    finite &&= Number.isFinite(found.scale) && Number.isFinite(found.zeroPoint);
    scales[channel] = found.scale;
    zeroPoints.push(found.zeroPoint);
  }
  if (!finite) return undefined;
  return { values: quantizeWith(data, layout, type, scales, zeroPoints), scales, zeroPoints };
}

/** Quantises with given scales and zero points, one of each per channel. */
export function quantizeWith(
  data: Float32Array,
  { channels, inner }: { channels: number; inner: number },
  type: IntegerType,
  scales: Float32Array,
  zeroPoints: readonly number[],
): Quantized["values"] {
  const values = new storage[type](data.length);
  forEachRow(data.length, channels, inner, (channel, start, end) => {
    const by = { scale: scales[channel] ?? 1, zeroPoint: zeroPoints[channel] ?? 0, type };
    quantizeInto(values, data, start, end, by);
  });
  return values;
}

/** q = clip(rint(float32(x / scale)) + zero point) for the elements from `start` to `end`. */
export function quantizeInto(
  out: Quantized["values"],
  data: Float32Array,
  start: number,
  end: number,
  { scale, zeroPoint, type }: { scale: number; zeroPoint: number; type: IntegerType },
): void {
  const clip = fullRange(type);
  if (end - start >= leastForKernel && out.BYTES_PER_ELEMENT === 1) {
    const made = quantizedBytes(data.subarray(start, end), { scale, zeroPoint, ...clip });
    new Uint8Array(out.buffer, out.byteOffset + start, made.length).set(made);
    return;
  }
  for (let index = start; index < end; index++) {
    const rounded = Math.fround((data[index] ?? 0) / scale) + magic - magic + zeroPoint;
    out[index] = Math.max(clip.min, Math.min(clip.max, rounded));
  }
}

/** As `quantizeInto`, for types of one byte: bytes that are valid until the next kernel runs. */
export function quantizedBytes(
  values: Float32Array,
  { scale, zeroPoint, min, max }: { scale: number; zeroPoint: number; min: number; max: number },
): Uint8Array {
  const { kernels } = arena();
  return arena().map(values, 1, ({ from, end }, to) =>
    kernels.quantize8(from, end, to, scale, zeroPoint, min, max),
  );
}

/** Calls back with the runs of consecutive elements that belong to one channel. */
function forEachRow(
  length: number,
  channels: number,
  inner: number,
  visit: (channel: number, start: number, end: number) => void,
): void {
  if (channels * inner === 0) return;
  for (let start = 0, channel = 0; start < length; start += inner) {
    visit(channel, start, start + inner);
    channel = channel + 1 === channels ? 0 : channel + 1;
  }
}

export function quantizeTensor(
  data: Float32Array,
  type: IntegerType,
  options: RangeOptions,
): Quantized | undefined {
  return quantizeChannels(data, { channels: 1, inner: data.length }, type, options);
}
