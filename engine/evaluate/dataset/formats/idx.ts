import { EngineError } from "#engine/error.ts";
import { type ArrayColumn, maxRows } from "../columns.ts";

/** Element types by the third byte of the file (description of the format on the MNIST page of LeCun et al.). */
const elementTypes = new Map<number, { name: string; size: number }>([
  [0x08, { name: "uint8", size: 1 }],
  [0x09, { name: "int8", size: 1 }],
  [0x0b, { name: "int16", size: 2 }],
  [0x0c, { name: "int32", size: 4 }],
  [0x0d, { name: "float32", size: 4 }],
  [0x0e, { name: "float64", size: 8 }],
]);

/** The dtype code, then one big-endian length per dimension; more than 8 dimensions is no dataset. */
const maxDimensions = 8;

/** True where the bytes start as an IDX file does. */
export function looksLikeIdx(bytes: Uint8Array): boolean {
  return (
    bytes.length >= 4 && bytes[0] === 0 && bytes[1] === 0 && elementTypes.has(bytes[2]!) && bytes[3]! > 0
  );
}

/**
 * Reads an IDX file: the first dimension counts items, the others are an item's shape.
 *
 * @returns the column and the number of items
 * @throws EngineError "malformed" or "truncated", naming the file
 */
export function readIdx(bytes: Uint8Array, file: string): { column: ArrayColumn; rows: number } {
  if (bytes.length === 0) throw new EngineError("data-mismatch", "The file is empty", file);
  if (bytes.length < 4 || bytes[0] !== 0 || bytes[1] !== 0) {
    throw new EngineError("malformed", "This is not an IDX file: it must start with two zero bytes", file);
  }
  const type = elementTypes.get(bytes[2]!);
  if (type === undefined) {
    throw new EngineError("malformed", `Unknown IDX element type 0x${bytes[2]!.toString(16)}`, file);
  }
  const rank = bytes[3]!;
  if (rank === 0 || rank > maxDimensions) {
    throw new EngineError(
      "limit-exceeded",
      `IDX with ${rank} dimensions; 1 to ${maxDimensions} are read`,
      file,
    );
  }
  const start = 4 + 4 * rank;
  if (bytes.length < start) throw new EngineError("truncated", "The file ends inside its IDX header", file);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const dims = Array.from({ length: rank }, (_, index) => view.getUint32(4 + 4 * index));
  // Products of 32-bit lengths can leave the safe integers, but then they exceed any file, so the test holds.
  const count = dims.reduce((product, dim) => product * dim, 1);
  const expected = start + count * type.size;
  if (expected !== bytes.length) {
    throw new EngineError(
      bytes.length < expected ? "truncated" : "malformed",
      `The IDX header promises [${dims.join(", ")}] of ${type.name}, ${expected} bytes; the file has ${bytes.length}`,
      file,
    );
  }
  const [rows = 0, ...itemShape] = dims;
  if (rows === 0 || count === 0) throw new EngineError("data-mismatch", "The file has no items", file);
  if (rows > maxRows) throw new EngineError("limit-exceeded", `A dataset has at most ${maxRows} items`, file);
  return { column: { kind: "array", itemShape, values: readValues(view, bytes, start, count) }, rows };
}

function readValues(view: DataView, bytes: Uint8Array, start: number, count: number): ArrayColumn["values"] {
  switch (bytes[2]) {
    case 0x08:
      return bytes.subarray(start);
    case 0x09:
      return new Int8Array(bytes.buffer, bytes.byteOffset + start, count);
    case 0x0b:
      return Int16Array.from({ length: count }, (_, index) => view.getInt16(start + 2 * index));
    case 0x0c:
      return Int32Array.from({ length: count }, (_, index) => view.getInt32(start + 4 * index));
    case 0x0d:
      return Float32Array.from({ length: count }, (_, index) => view.getFloat32(start + 4 * index));
    default:
      return Float64Array.from({ length: count }, (_, index) => view.getFloat64(start + 8 * index));
  }
}
