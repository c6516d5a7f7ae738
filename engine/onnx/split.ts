import type { LazyBytes } from "./lazy.ts";
import type { Model, Tensor } from "./model.ts";
import { modelTensors } from "./walk.ts";

/** Smaller tensors stay in the file: a reader looks at them anyway. */
const leastBytes = 1 << 12;
/** Offsets that every system can map into memory (ONNX, "External Data": at least a page). */
const alignment = 1 << 16;

/** One file holds less than 2 GiB; the graph itself needs some of it. */
export const mostInOneFile = 2 ** 31 - 2 ** 26;

/** Bytes of all tensors that are stored raw. */
export function storedBytes(model: Model): number {
  let bytes = 0;
  for (const { tensor } of modelTensors(model)) bytes += tensor.rawData?.length ?? 0;
  return bytes;
}

export interface SplitModel {
  /** Refers to the data; the tensors of the model that was given stay as they are. */
  readonly model: Model;
  /** What the file of the data holds, in order. */
  readonly data: (Uint8Array | LazyBytes)[];
}

/**
 * A model as a file and another of its weights: for models that one file cannot hold.
 *
 * @param location name of the file of the weights, which will stand beside the model
 */
export function splitModel(model: Model, location: string): SplitModel {
  const data: (Uint8Array | LazyBytes)[] = [];
  let offset = 0;
  const moved = (tensor: Tensor): Tensor => {
    const { rawData, ...rest } = tensor;
    if (rawData === undefined || rawData.length < leastBytes) return tensor;
    const padding = (alignment - (offset % alignment)) % alignment;
    if (padding > 0) data.push(new Uint8Array(padding));
    data.push(rawData);
    const entries = { location, offset: String(offset + padding), length: String(rawData.length) };
    offset += padding + rawData.length;
    return {
      ...rest,
      externalData: Object.entries(entries).map(([key, value]) => ({ key, value })),
      dataLocation: 1,
    };
  };
  const initializer = model.graph.initializer.map(moved);
  return { model: { ...model, graph: { ...model.graph, initializer } }, data };
}
