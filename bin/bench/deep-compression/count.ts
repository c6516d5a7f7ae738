import { layOut } from "#engine/deep/layout.ts";
import { findPayloads } from "#engine/deep/payloads.ts";
import { defaultLimits } from "#engine/onnx/limits.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import { arithmeticBytes } from "./sparse-matrix.ts";

/** Bytes that the weights alone take, in two ways. */
export interface WeightBytes {
  /** Indices, values, code books and code tables of all weight tensors in the deep file: the paper's way to count. */
  readonly huffman: number;
  /** The same tensors by adaptive arithmetic coding, code books included. */
  readonly arithmetic: number;
}

const mostValues = 256;

/** @param file the ONNX file of the model */
export function weightBytes(file: Uint8Array, model: Model): WeightBytes {
  const { large, small } = layOut(file, findPayloads(file, defaultLimits));
  const sum = (chunks: readonly Uint8Array[]) => chunks.reduce((bytes, { length }) => bytes + length, 0);
  const huffman = [...large, ...small].reduce((bytes, { table, data }) => bytes + sum(table) + sum(data), 0);
  let arithmetic = 0;
  for (const tensor of model.graph.initializer) {
    if (elementCount(tensor.dims) < 2 || tensor.dataType !== 1) continue;
    const values = readFloats(tensor);
    const book = [...new Set(values)].filter((value) => value !== 0);
    if (book.length >= mostValues || values.length < 256) {
      arithmetic += values.byteLength;
      continue;
    }
    const number = new Map(book.map((value, at) => [value, at + 1]));
    const places = Uint16Array.from(values, (value) => (value === 0 ? 0 : (number.get(value) ?? 0)));
    const columns = values.length / (tensor.dims[0] ?? 1);
    arithmetic += 4 * book.length + arithmeticBytes({ columns, places });
  }
  return { huffman, arithmetic };
}
