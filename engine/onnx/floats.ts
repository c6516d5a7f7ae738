/**
 * Conversions between float32 and the 16-bit formats, by bits (IEEE 754-2019, section 3.6 and the rounding rule
 * of 4.3.1, round half to even).
 */
const scratch = new DataView(new ArrayBuffer(8));

/** float16 bit pattern of a number: rounds float64 → float16 once, half to even; overflow gives infinity. */
export function float16Bits(value: number): number {
  scratch.setFloat64(0, value);
  const high = scratch.getUint32(0);
  const sign = (high >>> 16) & 0x8000;
  const magnitude = Math.abs(value);
  if (Number.isNaN(value)) return sign | 0x7e00;
  if (magnitude === 0) return sign;
  // 65520 lies half way between the largest finite value and the next power of two; a tie goes to infinity.
  if (magnitude >= 65520) return sign | 0x7c00;
  if (magnitude < 2 ** -14) return sign | roundHalfEven(magnitude * 2 ** 24);
  const exponent = ((high >>> 20) & 0x7ff) - 1023;
  const mantissa = roundHalfEven(magnitude * 2 ** (10 - exponent)) - 1024;
  // A mantissa that rounds up to 1024 carries into the exponent by plain addition.
  return sign | (((exponent + 15) << 10) + mantissa);
}

/** Exact for numbers below 2^52. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest < 0.5) return floor;
  if (rest > 0.5) return floor + 1;
  return floor % 2 === 0 ? floor : floor + 1;
}

/** Value of a float16 bit pattern, exact. */
export function float16Value(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const mantissa = bits & 0x3ff;
  if (exponent === 31) return mantissa === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (mantissa + 1024) * 2 ** (exponent - 25);
}

/** bfloat16 bit pattern of a float32 value, half to even. */
export function bfloat16Bits(value: number): number {
  scratch.setFloat32(0, value);
  const bits = scratch.getUint32(0);
  if (Number.isNaN(value)) return ((bits >>> 16) & 0x8000) | 0x7fc0;
  const roundUp = ((bits >>> 16) & 1) + 0x7fff;
  return ((bits + roundUp) >>> 16) & 0xffff;
}

/** Value of a bfloat16 bit pattern, exact. */
export function bfloat16Value(bits: number): number {
  scratch.setUint32(0, (bits << 16) >>> 0);
  return scratch.getFloat32(0);
}

export function float16Array(values: ArrayLike<number>): Uint16Array {
  const out = new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++) out[index] = float16Bits(values[index] ?? 0);
  return out;
}

export function fromFloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, float16Value);
}

export function fromBfloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, bfloat16Value);
}
