import { EngineError } from "#engine/error.ts";
import type { ManifestInput } from "./manifest.schema.ts";

/**
 * x → (x · scale − mean) / std, in place and in float64. A list of means or deviations goes over all values of an
 * item, or over its channels: the first axis under `layout: NCHW`, else the last.
 */
export function normaliser(
  input: ManifestInput,
  itemShape: readonly number[],
  size: number,
): (values: Float64Array) => void {
  const scale = input.scale ?? 1;
  if (input.mean === undefined && input.std === undefined) {
    if (scale === 1) return () => {};
    return (values) => {
      for (let index = 0; index < values.length; index++) values[index]! *= scale;
    };
  }
  const mean = spread(input, "mean", input.mean ?? 0, itemShape, size);
  const std = spread(input, "std", input.std ?? 1, itemShape, size);
  return (values) => {
    for (let index = 0; index < values.length; index++) {
      values[index] = (values[index]! * scale - mean[index]!) / std[index]!;
    }
  };
}

function spread(
  input: ManifestInput,
  field: string,
  given: number | readonly number[],
  itemShape: readonly number[],
  size: number,
): Float64Array {
  const list = typeof given === "number" ? [given] : given;
  if (list.length === 1) return new Float64Array(size).fill(list[0]!);
  if (list.length === size) return Float64Array.from(list);
  const first = input.layout === "NCHW";
  const channels = (first ? itemShape[0] : itemShape.at(-1)) ?? 1;
  if (list.length !== channels) {
    throw new EngineError(
      "data-mismatch",
      `\`${field}\` has ${list.length} values; an item of [${itemShape.join(", ")}] takes 1, ${channels} or ${size}`,
      `input ${JSON.stringify(input.to)}`,
    );
  }
  const plane = size / channels;
  return Float64Array.from({ length: size }, (_, index) =>
    first ? list[Math.floor(index / plane)]! : list[index % channels]!,
  );
}
