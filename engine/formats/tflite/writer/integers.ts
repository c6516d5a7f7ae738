import { EngineError } from "#engine/error.ts";
import type { DType } from "#engine/onnx/dtypes.ts";
import type { LiteTensor, Quantization } from "../reader/lite-model.ts";

/** Integer types of activations and weights, and their ranges. */
const ranges = {
  int8: { least: -128, most: 127 },
  uint8: { least: 0, most: 255 },
  int16: { least: -32768, most: 32767 },
} as const satisfies Partial<Record<DType, { least: number; most: number }>>;

export type IntegerType = keyof typeof ranges;

export interface IntegerForm extends Quantization {
  readonly type: IntegerType;
  readonly least: number;
  readonly most: number;
}

/**
 * How the integers of a tensor are read, or undefined where it holds plain numbers.
 *
 * @throws EngineError "malformed" where a zero point is none of the integers
 */
export function integerForm(tensor: LiteTensor): IntegerForm | undefined {
  const { quantization } = tensor;
  const type = tensor.type === "int4" ? "int8" : tensor.type;
  if (quantization === undefined || (type !== "int8" && type !== "uint8" && type !== "int16"))
    return undefined;
  const { least, most } = ranges[type];
  for (const zero of quantization.zeroPoints)
    if (zero < least || zero > most)
      throw new EngineError("malformed", `Its zero point ${zero} is no ${type}`, tensor.place);
  return { ...quantization, type, least, most };
}

/**
 * How the integers of a computed value are read within the graph: int8 is uint8 there, 128 higher, zero points too. It
 * stands for the same numbers; processors of the x86 kind have kernels for uint8 beside int8 weights, and ONNX Runtime
 * 1.30 would turn some values into uint8 and leave their neighbours, after which neither has an integer kernel.
 */
export function innerForm(tensor: LiteTensor): IntegerForm | undefined {
  const form = integerForm(tensor);
  if (form?.type !== "int8") return form;
  const zeroPoints = form.zeroPoints.map((zero) => zero + 128);
  return { ...form, type: "uint8", ...ranges.uint8, zeroPoints };
}

/** Whether a value is uint8 within the graph and int8 outside. */
export function isShifted(tensor: LiteTensor): boolean {
  return integerForm(tensor)?.type === "int8";
}

export function integerArray(type: IntegerType, values: readonly number[]) {
  if (type === "int8") return Int8Array.from(values);
  return type === "uint8" ? Uint8Array.from(values) : Int16Array.from(values);
}
