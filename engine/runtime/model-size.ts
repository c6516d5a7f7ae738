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
  const gzipBytes = await gzipSizeOfFile(file.path);
  return { bytes: file.bytes, gzipBytes, encodedBytes: await encodedBytesOf(file), parameters, sparsity };
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
