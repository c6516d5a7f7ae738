import type { DType } from "#engine/onnx/dtypes.ts";

/** Element types by their code in the file (`TensorType` of schema.fbs); what is missing has no equal in ONNX. */
export const typeByCode: ReadonlyMap<number, DType> = new Map([
  [0, "float32"],
  [1, "float16"],
  [2, "int32"],
  [3, "uint8"],
  [4, "int64"],
  [6, "bool"],
  [7, "int16"],
  [9, "int8"],
  [10, "float64"],
  [12, "uint64"],
  [15, "uint32"],
  [16, "uint16"],
  [17, "int4"],
  [18, "bfloat16"],
]);

const otherTypes = new Map([
  [5, "string"],
  [8, "complex64"],
  [11, "complex128"],
  [13, "resource"],
  [14, "variant"],
]);

/** For messages. */
export function typeName(code: number): string {
  return typeByCode.get(code) ?? otherTypes.get(code) ?? `type ${code}`;
}
