import { magic } from "#engine/deep/format.ts";

/** What the first bytes of a file say that it is. */
export interface Sniffed {
  readonly kind:
    | "unknown"
    | "lfs-pointer"
    | "zip"
    | "gzip"
    | "html"
    | "json"
    | "tflite"
    | "ort"
    | "hdf5"
    | "pickle"
    | "gguf"
    | "safetensors"
    | "deep"
    | "text";
  /** With its article, to be read after "This is". */
  readonly description: string;
}

const latin1 = new TextDecoder("latin1");

/** Bytes looked at: enough for the longest marker after some white space. */
const headBytes = 1024;

const magics: readonly (Sniffed & { readonly at: number; readonly bytes: readonly number[] })[] = [
  ...[0x0403, 0x0605, 0x0807].map((end) => ({
    kind: "zip" as const,
    at: 0,
    bytes: [0x50, 0x4b, end & 0xff, end >> 8],
    description: "a zip archive (PyTorch, Keras and NumPy files are zips too)",
  })),
  { kind: "gzip", at: 0, bytes: [0x1f, 0x8b], description: "a gzip file: unpack it first" },
  { kind: "hdf5", at: 0, bytes: [0x89, 0x48, 0x44, 0x46], description: "an HDF5 file (Keras)" },
  { kind: "gguf", at: 0, bytes: [0x47, 0x47, 0x55, 0x46], description: "a GGUF file" },
  ...[2, 3, 4, 5].map((version) => ({
    kind: "pickle" as const,
    at: 0,
    bytes: [0x80, version],
    description: "a Python pickle, which is never opened",
  })),
  { kind: "tflite", at: 4, bytes: [0x54, 0x46, 0x4c, 0x33], description: "a TensorFlow Lite model" },
  {
    kind: "ort",
    at: 4,
    bytes: [0x4f, 0x52, 0x54, 0x4d],
    description: "a model in ONNX Runtime's own format",
  },
  {
    kind: "deep",
    at: 0,
    bytes: [...magic],
    description: "the deep form of a model: it must be decoded first",
  },
  // A header length below 2^48, then the JSON header.
  { kind: "safetensors", at: 6, bytes: [0, 0, 0x7b, 0x22], description: "a safetensors file" },
];

export function sniffFormat(bytes: Uint8Array): Sniffed {
  // Every ONNX file of the usual writers starts with the tag of ir_version; no other format here does.
  if (bytes[0] === 0x08) return unknown;
  const found = magics.find(({ at, bytes: wanted }) =>
    wanted.every((byte, index) => bytes[at + index] === byte),
  );
  if (found !== undefined) return found;
  const text = latin1
    .decode(bytes.subarray(0, headBytes))
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  const lower = text.slice(0, 64).toLowerCase();
  if (text.startsWith("version https://git-lfs")) {
    return {
      kind: "lfs-pointer",
      description: "a Git LFS pointer that stands in for the file: fetch the file itself with `git lfs pull`",
    };
  }
  if (/^(<!doctype html|<html|<head)/.test(lower)) {
    return { kind: "html", description: "a web page: the download gave a page instead of the file" };
  }
  if (/^\{\s*"/.test(text)) return { kind: "json", description: "a JSON file" };
  if (text.length > 16 && /^[\s\x20-\x7e]+$/.test(text)) return { kind: "text", description: "a text file" };
  return unknown;
}

const unknown: Sniffed = { kind: "unknown", description: "a file of unknown kind" };

export function isForeign(sniffed: Sniffed): boolean {
  return sniffed.kind !== "unknown";
}
