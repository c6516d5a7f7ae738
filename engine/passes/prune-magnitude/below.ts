import { dtypes } from "#engine/onnx/dtypes.ts";
import { bytesOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { MappedBytes } from "../mapped-bytes.ts";
import { floatsOf, isLarge } from "../pieces.ts";
import { halfThreshold, halvesBelow } from "./halves.ts";
import type { Magnitudes } from "./magnitudes.ts";
import { type Pruned, zeroBelow } from "./select.ts";
import { zerosBelow } from "./zeros.ts";

/**
 * A tensor (float32 or float16) without the values whose magnitude, as bits of a float32, is below a threshold. A large
 * one keeps its values where they are until the result is written.
 */
export async function prunedBelow(
  tensor: Tensor,
  magnitudes: Magnitudes,
  threshold: number,
): Promise<Pruned> {
  const values = laterBelow(tensor, magnitudes.bytes, threshold);
  if (values === undefined) return zeroBelow(floatsOf(bytesOf(magnitudes.bytes)), threshold);
  const { below, zeros } = await magnitudes.tally(threshold);
  return { values, zeros: Math.max(zeros, below), zerosBefore: zeros };
}

function laterBelow({ dataType, rawData }: Tensor, bytes: Uint8Array | LazyBytes, threshold: number) {
  if (dataType === dtypes.float32.code && isLarge(bytes))
    return new MappedBytes(zerosBelow, bytes, { threshold });
  if (rawData === undefined || !isLarge(rawData)) return undefined;
  return new MappedBytes(halvesBelow, rawData, { threshold: halfThreshold(threshold) });
}
