export const integerTypes = ["int8", "uint8", "int16", "uint16", "int4", "uint4"] as const;
export type IntegerType = (typeof integerTypes)[number];

export interface IntegerRange {
  readonly min: number;
  readonly max: number;
}

const full: Record<IntegerType, IntegerRange> = {
  int8: { min: -128, max: 127 },
  uint8: { min: 0, max: 255 },
  int16: { min: -32768, max: 32767 },
  uint16: { min: 0, max: 65535 },
  int4: { min: -8, max: 7 },
  uint4: { min: 0, max: 15 },
};

const symmetric: Record<IntegerType, IntegerRange> = {
  ...full,
  int8: { min: -127, max: 127 },
  int16: { min: -32767, max: 32767 },
};

const reduced: Record<IntegerType, IntegerRange> = {
  int8: { min: -64, max: 64 },
  uint8: { min: 0, max: 127 },
  int16: { min: -16384, max: 16384 },
  uint16: { min: 0, max: 32767 },
  int4: { min: -4, max: 3 },
  uint4: { min: 0, max: 7 },
};

export interface RangeOptions {
  readonly symmetric: boolean;
  /** One bit less, so that the 16-bit sums of processors without VNNI cannot saturate. Wins over `symmetric`. */
  readonly reduceRange: boolean;
}

/** The integers that real values are spread over, as ONNX Runtime's quantiser chooses them. */
export function integerRange(type: IntegerType, options: RangeOptions): IntegerRange {
  if (options.reduceRange) return reduced[type];
  return options.symmetric ? symmetric[type] : full[type];
}

/** The integers that the type can hold: what quantised values are clipped to, whatever their scale came from. */
export function fullRange(type: IntegerType): IntegerRange {
  return full[type];
}
