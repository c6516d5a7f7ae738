/**
 * The same bytes without the ways of a Node Buffer, whose `slice` gives a view where that of a Uint8Array copies: code
 * behind this may rely on copies. Nothing is copied here.
 */
export function plainBytes(bytes: Uint8Array): Uint8Array {
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
