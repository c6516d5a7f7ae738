import { EngineError } from "#engine/error.ts";
import { rawBytes } from "#engine/onnx/dtypes.ts";
import { quote } from "#engine/onnx/quote.ts";
import type { FlatFile, FlatTable } from "./flat.ts";
import { limits } from "./limits.ts";
import type { LiteTensor } from "./lite-model.ts";
import { readQuantization } from "./quantization.ts";
import { typeByCode, typeName } from "./types.ts";

/** A tensor of the file. Types that ONNX does not have are refused here, since nothing could be done with them. */
export function readTensor(table: FlatTable, index: number, buffers: Buffers): LiteTensor {
  const name = table.string(3, "name") ?? "";
  const place = name === "" ? table.place : `tensor ${quote(name)}`;
  const code = table.byte(1, 0, "type");
  const type = typeByCode.get(code);
  if (type === undefined)
    throw new EngineError("unsupported", `Its element type is ${typeName(code)}`, place);
  if (table.table(6, "sparsity") !== undefined)
    throw new EngineError("unsupported", "Its values are stored in a sparse form", place);
  const shape = table.ints(0, "shape") ?? [];
  const signature = table.ints(7, "shape_signature");
  const count = elements(shape, place);
  if (signature !== undefined && signature.length !== shape.length && signature.length > 0)
    throw new EngineError("malformed", `Its shape and its shape signature differ in length`, place);
  const data = buffers.of(table.uint(2, "buffer"), place);
  if (data !== undefined && data.length !== rawBytes(type, count))
    throw new EngineError(
      "malformed",
      `${count} values of ${type} need ${rawBytes(type, count)} bytes, its buffer has ${data.length}`,
      place,
    );
  return {
    index,
    name,
    type,
    shape,
    signature: signature?.length === 0 ? undefined : signature,
    data,
    quantization: readQuantization(table.table(4, "quantization"), shape),
    isVariable: table.byte(5, 0, "is_variable") !== 0,
    place,
  };
}

function elements(shape: readonly number[], place: string): number {
  if (shape.length > limits.maxRank)
    throw new EngineError("limit-exceeded", `It has ${shape.length} dimensions`, place);
  let count = 1;
  for (const dim of shape) {
    if (dim < 0) throw new EngineError("malformed", `It has a dimension of ${dim}`, place);
    count *= dim;
    if (count > limits.maxElements) throw new EngineError("limit-exceeded", "It has too many values", place);
  }
  return count;
}

/** The buffers of a file. Those of large models stand behind the FlatBuffer, at an offset from the start of the file. */
export class Buffers {
  readonly #file: FlatFile;
  readonly #tables: readonly FlatTable[];

  constructor(file: FlatFile, tables: readonly FlatTable[]) {
    this.#file = file;
    this.#tables = tables;
  }

  /** The bytes of a buffer, or undefined where it is empty: what is computed has none, and by convention buffer 0. */
  of(index: number, place: string): Uint8Array | undefined {
    if (index === 0) return undefined;
    const table = this.#tables[index];
    if (table === undefined)
      throw new EngineError("malformed", `Its buffer ${index} is not in the file`, place);
    const offset = table.long(1, "offset");
    if (offset > 1) {
      const size = table.long(2, "size");
      this.#file.within(offset, size, place);
      return size === 0 ? undefined : this.#file.bytes.subarray(offset, offset + size);
    }
    const data = table.bytes(0, "data");
    return data === undefined || data.length === 0 ? undefined : data;
  }
}
