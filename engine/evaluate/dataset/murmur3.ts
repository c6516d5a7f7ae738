/**
 * MurmurHash3 of 32 bits (Austin Appleby, `MurmurHash3_x86_32`, 2011, in the public domain), as feature hashing uses it
 * elsewhere, too.
 *
 * @returns an unsigned 32-bit integer
 */
export function murmur3(bytes: Uint8Array, seed = 0): number {
  let hash = seed | 0;
  const blocks = bytes.length & ~3;
  for (let at = 0; at < blocks; at += 4) {
    const block = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash ^= scrambled(block);
    hash = (hash << 13) | (hash >>> 19);
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= blocks; at--) tail = (tail << 8) | bytes[at]!;
  if (bytes.length > blocks) hash ^= scrambled(tail);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

function scrambled(block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51);
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
}
