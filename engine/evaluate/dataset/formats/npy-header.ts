import { EngineError } from "#engine/error.ts";
import { pickled } from "./recognise.ts";

/** NumPy's own writer stays below 128 bytes for plain arrays; long ones describe structures, which are not read. */
const maxHeaderBytes = 1 << 16;
const maxDimensions = 8;

/** Element types by NumPy's type code. */
const types = {
  b1: 1,
  i1: 1,
  u1: 1,
  i2: 2,
  u2: 2,
  f2: 2,
  i4: 4,
  u4: 4,
  f4: 4,
  i8: 8,
  u8: 8,
  f8: 8,
} as const;

export type NpyType = keyof typeof types;

export interface NpyHeader {
  readonly type: NpyType;
  readonly elementBytes: number;
  readonly isLittleEndian: boolean;
  readonly isFortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
}

/**
 * Reads the header of an NPY file: magic bytes, version, and a Python dictionary of type, order and shape
 * (numpy.lib.format, versions 1.0 to 3.0).
 *
 * @throws EngineError "unsupported" for pickled objects and types that are no numbers, else "truncated", "malformed" or
 * "limit-exceeded"
 */
export function readNpyHeader(bytes: Uint8Array, file: string): NpyHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12) throw new EngineError("truncated", "The file ends inside its NPY header", file);
  const version = bytes[6]!;
  if (version < 1 || version > 3) {
    throw new EngineError("unsupported", `NPY version ${version}; 1 to 3 are read`, file);
  }
  const [start, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > maxHeaderBytes) {
    throw new EngineError(
      "limit-exceeded",
      `The NPY header has ${length} bytes; at most ${maxHeaderBytes} are read`,
      file,
    );
  }
  if (bytes.length < start + length) {
    throw new EngineError("truncated", "The file ends inside its NPY header", file);
  }
  const text = new TextDecoder("latin1").decode(bytes.subarray(start, start + length));
  return { ...parseDictionary(text, file), start: start + length };
}

function parseDictionary(text: string, file: string): Omit<NpyHeader, "start"> {
  if (/'descr'\s*:\s*\[/.test(text)) {
    throw new EngineError(
      "unsupported",
      "Arrays of structures are not read; save each field as an array",
      file,
    );
  }
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const dims = /'shape'\s*:\s*\(([\d\sL,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || dims === undefined) {
    throw new EngineError(
      "malformed",
      "The NPY header does not say type, order and shape of the array",
      file,
    );
  }
  const shape = dims
    .split(",")
    .map((dim) => dim.replace("L", "").trim())
    .filter((dim) => dim !== "")
    .map(Number);
  if (!shape.every(Number.isSafeInteger)) {
    throw new EngineError("malformed", `The NPY header has the shape (${dims})`, file);
  }
  if (shape.length > maxDimensions) {
    throw new EngineError(
      "limit-exceeded",
      `${shape.length} dimensions; at most ${maxDimensions} are read`,
      file,
    );
  }
  const type = typeOf(descr, file);
  return {
    type,
    elementBytes: types[type],
    isLittleEndian: !descr.startsWith(">"),
    isFortranOrder: order === "True",
    shape,
  };
}

function typeOf(descr: string, file: string): NpyType {
  const code = descr.replace(/^[<>|=]/, "");
  if (isType(code)) return code;
  if (code.startsWith("O")) throw pickled(file);
  const kind = /^[US]/.test(code)
    ? "text; save class numbers, or the table as CSV or Parquet"
    : /^c/.test(code)
      ? "complex numbers; save real and imaginary parts"
      : /^[mM]/.test(code)
        ? "times; save them as numbers"
        : "elements of a type that is not read; save numbers";
  throw new EngineError("unsupported", `The array holds ${kind} (NumPy type "${descr.slice(0, 40)}")`, file);
}

function isType(code: string): code is NpyType {
  return Object.hasOwn(types, code);
}
