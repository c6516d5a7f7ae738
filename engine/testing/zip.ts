import { crc32, deflateRawSync } from "node:zlib";

/** An entry of an archive to be made, and what is wrong with it. */
export interface ZipPart {
  readonly path: string;
  readonly content: Uint8Array | string;
  /** Stored unless true. */
  readonly deflated?: boolean;
  /** What the directory says instead of the truth. */
  readonly size?: number;
  readonly packedSize?: number;
  readonly crc?: number;
  readonly offset?: number;
  readonly method?: number;
  readonly flags?: number;
  /** Unix mode of the file, as 0o120777 for a link. */
  readonly mode?: number;
}

/** Writes an archive as APPNOTE.TXT 6.3.10 describes it, true or lying; ZIP64 only where there are too many entries. */
export function zipOf(parts: readonly ZipPart[]): Uint8Array {
  const files: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const part of parts) {
    const name = Buffer.from(part.path);
    const content = Buffer.from(part.content);
    const packed = part.deflated === true ? deflateRawSync(content) : content;
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE((part.flags ?? 0) | 0x800, 2);
    fields.writeUInt16LE(part.method ?? (part.deflated === true ? 8 : 0), 4);
    fields.writeUInt32LE((part.crc ?? crc32(content)) >>> 0, 10);
    fields.writeUInt32LE(part.packedSize ?? packed.length, 14);
    fields.writeUInt32LE(part.size ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(((part.mode ?? 0o100_644) << 16) >>> 0, 6);
    tail.writeUInt32LE(part.offset ?? offset, 10);
    directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\x03"), fields, tail, name]));
    files.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  const isLarge = parts.length >= 0xffff;
  end.writeUInt16LE(isLarge ? 0xffff : parts.length, 8);
  end.writeUInt16LE(isLarge ? 0xffff : parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  const large = isLarge ? zip64End(parts.length, central.length, offset) : Buffer.alloc(0);
  const whole = Buffer.concat([...files, central, large, end]);
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.length);
}

/** The ZIP64 end of central directory record and its locator (4.3.14 and 4.3.15). */
function zip64End(count: number, bytes: number, offset: number): Buffer {
  const record = Buffer.alloc(76);
  record.write("PK\x06\x06", "latin1");
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  for (const at of [24, 32]) record.writeBigUInt64LE(BigInt(count), at);
  record.writeBigUInt64LE(BigInt(bytes), 40);
  record.writeBigUInt64LE(BigInt(offset), 48);
  record.write("PK\x06\x07", 56, "latin1");
  record.writeBigUInt64LE(BigInt(offset + bytes), 64);
  record.writeUInt32LE(1, 72);
  return record;
}
