import { dtypes } from "#engine/onnx/dtypes.ts";
import { LazyBytes } from "#engine/onnx/lazy.ts";
import { byteView, readFloats } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { widened } from "./halves-bytes.ts";
import { MappedBytes } from "./mapped-bytes.ts";
import { inlinePool, type Pool, type Task } from "./pool.ts";

/** Tensors below are handled at once, on the caller's own thread: to hand them over would take longer. */
const leastDeferredBytes = 1 << 16;
/** As much as a thread takes at a time. */
const pieceBytes = 1 << 23;

/**
 * The values of a floating-point tensor as bytes of float32: those of the tensor itself, lazy where they are, or worked
 * out when somebody asks. See `readFloats` for what it refuses.
 */
export function float32Bytes(tensor: Tensor): Uint8Array | LazyBytes {
  const { dataType, rawData } = tensor;
  if (dataType === dtypes.float32.code && rawData instanceof LazyBytes) return rawData;
  if (dataType === dtypes.float16.code && rawData !== undefined && isLarge(rawData))
    return new MappedBytes(widened, rawData, null);
  return byteView(readFloats(tensor));
}

/** True where the values of a tensor are better worked out when they are written. */
export function isLarge(bytes: Uint8Array | LazyBytes): boolean {
  return bytes.length >= leastDeferredBytes;
}

/** Float32 values of bytes, as a view where they are aligned. */
export function floatsOf(bytes: Uint8Array): Float32Array {
  const { buffer, byteOffset, byteLength } = byteOffsetAligned(bytes);
  return new Float32Array(buffer, byteOffset, byteLength / 4);
}

function byteOffsetAligned(bytes: Uint8Array): Uint8Array {
  return bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
}

/** Bytes that can be handed to another core: a copy where they are in memory, as they may be a view of a whole file. */
export function handedOver(bytes: Uint8Array | LazyBytes): {
  readonly bytes: Uint8Array | LazyBytes;
  readonly transfer: readonly ArrayBuffer[];
} {
  if (bytes instanceof LazyBytes) return { bytes, transfer: [] };
  const copy = new Uint8Array(bytes);
  return { bytes: copy, transfer: [copy.buffer] };
}

/** Float32 values of bytes that the caller may overwrite: each call gives the same ones. */
export function ownFloats(bytes: Uint8Array | LazyBytes): Float32Array {
  return bytes instanceof LazyBytes ? floatsOf(bytes.read()) : floatsOf(new Uint8Array(bytes));
}

/** Runs a task on every piece of a tensor's bytes, on the cores there are, and gives the answers in order. */
export async function overPieces<Params, Output>(
  pool: Pool,
  task: Task<{ bytes: LazyBytes | Uint8Array; params: Params }, Output>,
  bytes: Uint8Array | LazyBytes,
  params: Params,
): Promise<Output[]> {
  if (!isLarge(bytes)) return [await inlinePool.run(task, { bytes, params })];
  const pieces = bytes instanceof LazyBytes ? [...bytes.pieces(pieceBytes)] : subarrays(bytes);
  return await Promise.all(pieces.map((piece) => pool.run(task, { bytes: piece, params })));
}

function subarrays(bytes: Uint8Array): Uint8Array[] {
  const count = Math.ceil(bytes.length / pieceBytes);
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * pieceBytes, (at + 1) * pieceBytes));
}
