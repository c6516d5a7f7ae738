/** Every element type of ONNX: its code in the file, its width and how int32_data and typed arrays hold it. */
export interface DTypeInfo {
  readonly code: number;
  /** Width of one element in raw_data; 0 for strings, which have no raw form. */
  readonly bits: number;
  readonly kind: "float" | "int" | "uint" | "bool" | "string" | "complex";
}

export const dtypes = {
  float32: { code: 1, bits: 32, kind: "float" },
  uint8: { code: 2, bits: 8, kind: "uint" },
  int8: { code: 3, bits: 8, kind: "int" },
  uint16: { code: 4, bits: 16, kind: "uint" },
  int16: { code: 5, bits: 16, kind: "int" },
  int32: { code: 6, bits: 32, kind: "int" },
  int64: { code: 7, bits: 64, kind: "int" },
  string: { code: 8, bits: 0, kind: "string" },
  bool: { code: 9, bits: 8, kind: "bool" },
  float16: { code: 10, bits: 16, kind: "float" },
  float64: { code: 11, bits: 64, kind: "float" },
  uint32: { code: 12, bits: 32, kind: "uint" },
  uint64: { code: 13, bits: 64, kind: "uint" },
  complex64: { code: 14, bits: 64, kind: "complex" },
  complex128: { code: 15, bits: 128, kind: "complex" },
  bfloat16: { code: 16, bits: 16, kind: "float" },
  float8e4m3fn: { code: 17, bits: 8, kind: "float" },
  float8e4m3fnuz: { code: 18, bits: 8, kind: "float" },
  float8e5m2: { code: 19, bits: 8, kind: "float" },
  float8e5m2fnuz: { code: 20, bits: 8, kind: "float" },
  uint4: { code: 21, bits: 4, kind: "uint" },
  int4: { code: 22, bits: 4, kind: "int" },
  float4e2m1: { code: 23, bits: 4, kind: "float" },
  float8e8m0: { code: 24, bits: 8, kind: "float" },
  uint2: { code: 25, bits: 2, kind: "uint" },
  int2: { code: 26, bits: 2, kind: "int" },
} as const satisfies Record<string, DTypeInfo>;

export type DType = keyof typeof dtypes;

const byCode = new Map<number, DType>();
for (const name of Object.keys(dtypes) as DType[]) byCode.set(dtypes[name].code, name);

/** The element type of a code, or undefined for a code this table does not have (0 means "not given"). */
export function dtypeOfCode(code: number | undefined): DType | undefined {
  return code === undefined ? undefined : byCode.get(code);
}

/** For messages and reports: the type's name, or the code where it is unknown. */
export function dtypeName(code: number | undefined): string {
  return dtypeOfCode(code) ?? (code ? `type ${code}` : "undefined");
}

/** Bytes that `count` elements take in raw_data; sub-byte types pack from the low bits, the last byte padded. */
export function rawBytes(dtype: DType, count: number): number {
  return Math.ceil((count * dtypes[dtype].bits) / 8);
}
