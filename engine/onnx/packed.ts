import type { ArrayKind, ArrayOf } from "./schema.ts";
import { WireReader, wire } from "./wire.ts";

const fixedWidth: Partial<Record<ArrayKind, number>> = { floatArray: 4, doubleArray: 8 };

export function unpackedWidth(kind: ArrayKind): number {
  return kind === "floatArray" || kind === "int32Array" ? 4 : 8;
}

/** Wire type of one element that is written unpacked. */
export function elementWire(kind: ArrayKind): number {
  if (kind === "floatArray") return wire.fixed32;
  return kind === "doubleArray" ? wire.fixed64 : wire.varint;
}

/** Elements in a packed run: by width, or by the bytes that end a varint. */
export function packedCount(run: Uint8Array, kind: ArrayKind): number {
  const width = fixedWidth[kind];
  if (width !== undefined) return Math.floor(run.length / width);
  let count = 0;
  for (const byte of run) if (byte < 0x80) count++;
  return count;
}

/** Elements of a packed run (or of one element as it stands in the file). Copies: runs are rarely aligned. */
export function unpack(run: Uint8Array, kind: ArrayKind, where: () => string): ArrayOf[ArrayKind] {
  const width = fixedWidth[kind];
  const reader = new WireReader(run, where);
  if (width !== undefined) {
    if (run.length % width !== 0) throw reader.fail(`${run.length} bytes are no whole number of elements`);
    // Typed arrays have the byte order of the machine: little-endian on every machine that Node supports.
    const copy = new Uint8Array(run).buffer;
    return kind === "floatArray" ? new Float32Array(copy) : new Float64Array(copy);
  }
  const count = packedCount(run, kind);
  if (kind === "int32Array") {
    const out = new Int32Array(count);
    for (let index = 0; reader.pos < reader.end; index++) out[index] = reader.int32();
    return out;
  }
  const out = kind === "int64Array" ? new BigInt64Array(count) : new BigUint64Array(count);
  // Storing into a BigUint64Array takes the value modulo 2^64, which turns the signed reading into the unsigned.
  for (let index = 0; reader.pos < reader.end; index++) out[index] = reader.int64();
  return out;
}

/** Joins the runs of one field in order. */
export function joinRuns(runs: ArrayOf[ArrayKind][], kind: ArrayKind): ArrayOf[ArrayKind] {
  const first = runs[0];
  if (first !== undefined && runs.length === 1) return first;
  const length = runs.reduce((sum, run) => sum + run.length, 0);
  const bytes = new Uint8Array(length * unpackedWidth(kind));
  let at = 0;
  for (const run of runs) {
    bytes.set(new Uint8Array(run.buffer, run.byteOffset, run.byteLength), at);
    at += run.byteLength;
  }
  switch (kind) {
    case "floatArray":
      return new Float32Array(bytes.buffer);
    case "doubleArray":
      return new Float64Array(bytes.buffer);
    case "int32Array":
      return new Int32Array(bytes.buffer);
    case "int64Array":
      return new BigInt64Array(bytes.buffer);
    case "uint64Array":
      return new BigUint64Array(bytes.buffer);
  }
}
