import type { LazyBytes } from "#engine/onnx/lazy.ts";
import type { Tensor } from "#engine/onnx/model.ts";

/**
 * Where large tensors that a technique has made wait until the result is written, so that memory need not hold all of
 * them: see `runtime/file-shelf.ts`.
 */
export interface Shelf {
  /** Takes the bytes over, and gives the same ones back: nobody changes the argument any more. */
  put(bytes: Uint8Array): Uint8Array | LazyBytes;
}

/** Without a runtime they wait in memory. */
export const memoryShelf: Shelf = { put: (bytes) => bytes };

/** Less is no burden, and a file can hold hundreds of thousands of small tensors. */
const leastShelvedBytes = 1 << 20;

/** A finished tensor, whose bytes are on the shelf if they are many. */
export function shelved(tensor: Tensor, shelf: Shelf): Tensor {
  const { rawData } = tensor;
  if (!(rawData instanceof Uint8Array) || rawData.length < leastShelvedBytes) return tensor;
  return { ...tensor, rawData: shelf.put(rawData) };
}
