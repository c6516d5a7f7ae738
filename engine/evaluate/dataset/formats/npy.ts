import { EngineError } from "#engine/error.ts";
import { float16Value } from "#engine/onnx/floats.ts";
import { type ArrayColumn, maxRows } from "../columns.ts";
import { type NpyHeader, readNpyHeader } from "./npy-header.ts";

/**
 * Reads an NPY file, as `numpy.save` writes it: the first axis counts items, the others are an item's shape. Every type
 * of real numbers, both byte orders, C and Fortran order. 64-bit integers become float64, which holds them exactly up
 * to 2⁵³; half precision becomes float32.
 *
 * @throws EngineError "unsupported" for pickles, "data-mismatch" for arrays without items or integers that float64
 * cannot hold, else "truncated", "malformed" or "limit-exceeded"
 */
export function readNpy(bytes: Uint8Array, file: string): { column: ArrayColumn; rows: number } {
  const header = readNpyHeader(bytes, file);
  const { shape, elementBytes, start } = header;
  // Products can leave the safe integers, but then they exceed any file, so the test holds.
  const count = shape.reduce((product, dim) => product * dim, 1);
  const expected = start + count * elementBytes;
  if (expected !== bytes.length) {
    throw new EngineError(
      bytes.length < expected ? "truncated" : "malformed",
      `The NPY header promises (${shape.join(", ")}) of ${header.type}, ${expected} bytes; the file has ${bytes.length}`,
      file,
    );
  }
  const [rows, ...itemShape] = shape;
  if (rows === undefined)
    throw new EngineError("data-mismatch", "The array is a single number and has no items", file);
  if (count === 0) throw new EngineError("data-mismatch", "The file has no items", file);
  if (rows > maxRows) throw new EngineError("limit-exceeded", `A dataset has at most ${maxRows} items`, file);
  const values = readElements(bytes, header, count, file);
  return {
    column: { kind: "array", itemShape, values: header.isFortranOrder ? toRowMajor(values, shape) : values },
    rows,
  };
}

function readElements(
  bytes: Uint8Array,
  header: NpyHeader,
  count: number,
  file: string,
): ArrayColumn["values"] {
  const { type, start, elementBytes, isLittleEndian: little } = header;
  const view = new DataView(bytes.buffer, bytes.byteOffset + start, count * elementBytes);
  const read = <T extends { [index: number]: number }>(target: T, at: (offset: number) => number): T => {
    for (let index = 0; index < count; index++) target[index] = at(index * elementBytes);
    return target;
  };
  switch (type) {
    case "u1":
      return bytes.subarray(start);
    case "b1":
      return read(new Uint8Array(count), (at) => (view.getUint8(at) === 0 ? 0 : 1));
    case "i1":
      return read(new Int8Array(count), (at) => view.getInt8(at));
    case "i2":
      return read(new Int16Array(count), (at) => view.getInt16(at, little));
    case "u2":
      return read(new Uint16Array(count), (at) => view.getUint16(at, little));
    case "i4":
      return read(new Int32Array(count), (at) => view.getInt32(at, little));
    case "u4":
      return read(new Uint32Array(count), (at) => view.getUint32(at, little));
    case "f2":
      return read(new Float32Array(count), (at) => float16Value(view.getUint16(at, little)));
    case "f4":
      return read(new Float32Array(count), (at) => view.getFloat32(at, little));
    case "f8":
      return read(new Float64Array(count), (at) => view.getFloat64(at, little));
    case "i8":
      return read(new Float64Array(count), (at) => exact(view.getBigInt64(at, little), file));
    case "u8":
      return read(new Float64Array(count), (at) => exact(view.getBigUint64(at, little), file));
  }
}

function exact(value: bigint, file: string): number {
  const number = Number(value);
  if (BigInt(number) === value) return number;
  throw new EngineError(
    "data-mismatch",
    `The array holds ${value}, which 64-bit floats cannot represent`,
    file,
  );
}

/** Column-major to row-major: there the first index runs fastest. */
function toRowMajor(values: ArrayColumn["values"], shape: readonly number[]): ArrayColumn["values"] {
  const target = values.slice();
  const strides = shape.map((_, axis) => shape.slice(0, axis).reduce((product, dim) => product * dim, 1));
  const index = shape.map(() => 0);
  for (let at = 0, from = 0; at < target.length; at++) {
    target[at] = values[from]!;
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      from += strides[axis]!;
      if (++index[axis]! < shape[axis]!) break;
      from -= strides[axis]! * shape[axis]!;
      index[axis] = 0;
    }
  }
  return target;
}
