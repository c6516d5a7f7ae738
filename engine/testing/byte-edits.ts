import { joinChunks } from "../onnx/encode.ts";

/** What may happen to a file: `at` is the place, `value` what else there is to choose. */
export type ByteEdit = (bytes: Uint8Array, at: number, value: number) => Uint8Array;

/** Damage of every kind; "grow" puts the largest number where a length or a count may stand. */
export const byteEdits: Readonly<Record<"flip" | "set" | "remove" | "repeat" | "cut" | "grow", ByteEdit>> = {
  flip: (bytes, at, value) => bytes.with(at, (bytes[at] ?? 0) ^ (1 << (value % 8))),
  set: (bytes, at, value) => bytes.with(at, value),
  remove: (bytes, at, value) => joinChunks([bytes.subarray(0, at), bytes.subarray(at + 1 + (value % 16))]),
  repeat: (bytes, at, value) => joinChunks([bytes.subarray(0, at + (value % 64)), bytes.subarray(at)]),
  cut: (bytes, at) => bytes.subarray(0, at),
  grow: (bytes, at) =>
    joinChunks([bytes.subarray(0, at), new Uint8Array(9).fill(0xff), bytes.subarray(at + 1)]),
};
