import { dirname, join } from "node:path";
import { deepSize, encodedSize } from "../deep/encode.ts";
import type { ModelSize } from "../evaluate/size.ts";
import { defaultLimits } from "../onnx/limits.ts";
import type { Model } from "../onnx/model.ts";
import { readFile } from "./files.ts";
import { gzipSizeOfFile } from "./gzip-size.ts";

/** A model file, opened. */
export interface SizedFile {
  readonly path: string;
  readonly model: Model;
  /** With external data. */
  readonly bytes: number;
  readonly externalBytes: number;
  /** Names of the files beside it that its external data lies in. */
  readonly externalFiles: readonly string[];
}

/**
 * Sizes of a model's file.
 *
 * @param counted what an inspection found
 */
export async function modelSize(
  file: SizedFile,
  { parameters, sparsity }: Pick<ModelSize, "parameters" | "sparsity">,
): Promise<ModelSize> {
  return {
    bytes: file.bytes,
    gzipBytes: await gzipBytesOf(file),
    encodedBytes: await encodedBytesOf(file),
    parameters,
    sparsity,
  };
}

/** Bytes that the model's file and those of its external data take after gzip. */
export async function gzipBytesOf({ path, externalFiles }: SizedFile): Promise<number> {
  let bytes = await gzipSizeOfFile(path);
  for (const name of externalFiles) bytes += await gzipSizeOfFile(join(dirname(path), name));
  return bytes;
}

/**
 * Bytes that the deep form of a model takes, external data included; it takes two to three times as much memory.
 *
 * @returns undefined for a model of 2 GiB and more: a deep form holds one ONNX file
 */
export async function encodedBytesOf({
  path,
  model,
  bytes,
  externalBytes,
}: SizedFile): Promise<number | undefined> {
  if (bytes > defaultLimits.maxBytes) return undefined;
  return externalBytes > 0 ? encodedSize(model) : deepSize(await readFile(path, defaultLimits.maxBytes));
}
