import type { LookedAtFile } from "#contracts/dataset.ts";
import { readNpyHeader } from "#engine/evaluate/dataset/formats/npy-header.ts";
import { splitOf } from "#engine/evaluate/dataset/split-names.ts";

const npyTypes: Record<string, string> = {
  b1: "bool",
  i1: "int8",
  u1: "uint8",
  i2: "int16",
  u2: "uint16",
  i4: "int32",
  u4: "uint32",
  i8: "int64",
  u8: "uint64",
  f2: "float16",
  f4: "float32",
  f8: "float64",
};

/** An NPY file by its header; throws where that is broken. */
export function lookAtNpy(name: string, bytes: Uint8Array): LookedAtFile {
  const { type, shape } = readNpyHeader(bytes, name);
  return { name, kind: "npy", array: { dtype: npyTypes[type] ?? type, shape } };
}

/** What the first files of an archive are, by their names: the directory stands at the end of the file. */
export function lookAtZip(name: string, bytes: Uint8Array): LookedAtFile {
  const paths = firstPaths(bytes);
  const has = (ending: RegExp) => paths.some((path) => ending.test(path));
  const hasSplits = paths.some((path) => splitOf(path.split("/").at(-3) ?? "") !== undefined);
  if (has(/\.(png|jpe?g)$/i)) return { name, kind: "images", hasSplits };
  if (has(/\.wav$/i)) return { name, kind: "sounds", hasSplits };
  return { name, kind: has(/\.npy$/i) ? "arrays" : "unknown" };
}

/** Names in the local headers at the beginning, as far as their sizes lead from one to the next. */
function firstPaths(bytes: Uint8Array): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const paths: string[] = [];
  for (let at = 0; at + 30 <= bytes.length && view.getUint32(at, true) === 0x04034b50; ) {
    const nameEnd = at + 30 + view.getUint16(at + 26, true);
    paths.push(new TextDecoder().decode(bytes.subarray(at + 30, nameEnd)));
    // Bit 3: the size comes after the data.
    if ((view.getUint16(at + 6, true) & 8) !== 0) break;
    at = nameEnd + view.getUint16(at + 28, true) + view.getUint32(at + 18, true);
  }
  return paths;
}

/** The rate of a WAV file whose format comes first, as it does almost always. */
export function rateOf(bytes: Uint8Array): { rate?: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 28 || view.getUint32(12) !== 0x666d7420) return {};
  const rate = view.getUint32(24, true);
  return rate > 0 && rate <= 1_000_000 ? { rate } : {};
}
