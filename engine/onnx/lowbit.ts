/**
 * Unpacks 2- or 4-bit elements, first element in the lowest bits (ONNX IR: "packed … the first element is stored
 * in the least significant bits").
 *
 * @returns one element per entry, sign-extended into an Int8Array where `signed`
 */
export function unpackBits(
  packed: Uint8Array,
  bits: 2 | 4,
  count: number,
  signed: boolean,
): Int8Array | Uint8Array {
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  const half = 1 << (bits - 1);
  const out = signed ? new Int8Array(count) : new Uint8Array(count);
  for (let index = 0; index < count; index++) {
    const byte = packed[Math.floor(index / perByte)] ?? 0;
    const value = (byte >> ((index % perByte) * bits)) & mask;
    out[index] = signed && value >= half ? value - 2 * half : value;
  }
  return out;
}

/** Inverse of `unpackBits`; values are taken modulo 2^bits, the unused bits of the last byte are zero. */
export function packBits(values: ArrayLike<number>, bits: 2 | 4): Uint8Array {
  const perByte = 8 / bits;
  const mask = (1 << bits) - 1;
  const out = new Uint8Array(Math.ceil(values.length / perByte));
  for (let index = 0; index < values.length; index++) {
    const at = Math.floor(index / perByte);
    out[at] = (out[at] ?? 0) | (((values[index] ?? 0) & mask) << ((index % perByte) * bits));
  }
  return out;
}
