/** CRC-32 of IEEE 802.3 (as in gzip and PNG) takes eight bytes at a time by eight tables. */
const tables: Int32Array[] = [];
for (let table = 0; table < 8; table++) {
  const entries = new Int32Array(256);
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
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let crc = -1;
  let at = 0;
  for (; at + 8 <= bytes.length; at += 8) {
    const low = view.getInt32(at, true) ^ crc;
    const high = view.getInt32(at + 4, true);
    crc =
      t7[low & 0xff]! ^
      t6[(low >>> 8) & 0xff]! ^
      t5[(low >>> 16) & 0xff]! ^
      t4[low >>> 24]! ^
      t3[high & 0xff]! ^
      t2[(high >>> 8) & 0xff]! ^
      t1[(high >>> 16) & 0xff]! ^
      t0[high >>> 24]!;
  }
  for (; at < bytes.length; at++) crc = (crc >>> 8) ^ t0[(bytes[at]! ^ crc) & 0xff]!;
  return ~crc >>> 0;
}
