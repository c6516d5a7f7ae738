/** CRC-32 of IEEE 802.3 (as in gzip and PNG) takes eight bytes at a time by eight tables. */
const tables: Uint32Array[] = [];
for (let table = 0; table < 8; table++) {
  const entries = new Uint32Array(256);
  for (let byte = 0; byte < 256; byte++) {
    let value = table === 0 ? byte : tables[table - 1]![byte]!;
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
    entries[byte] = value;
  }
  tables.push(entries);
}

/** The checksum of bytes, as an unsigned number. */
export function crc32(bytes: Uint8Array): number {
  const [t0, t1, t2, t3, t4, t5, t6, t7] = tables;
  if (!t0 || !t1 || !t2 || !t3 || !t4 || !t5 || !t6 || !t7) throw new RangeError("No tables");
  let crc = 0xffffffff;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    crc =
      t7[(bytes[at]! ^ crc) & 0xff]! ^
      t6[(bytes[at + 1]! ^ (crc >>> 8)) & 0xff]! ^
      t5[(bytes[at + 2]! ^ (crc >>> 16)) & 0xff]! ^
      t4[bytes[at + 3]! ^ (crc >>> 24)]! ^
      t3[bytes[at + 4]!]! ^
      t2[bytes[at + 5]!]! ^
      t1[bytes[at + 6]!]! ^
      t0[bytes[at + 7]!]!;
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(bytes[at]! ^ crc) & 0xff]!;
  return ~crc >>> 0;
}
