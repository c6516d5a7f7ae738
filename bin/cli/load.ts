import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { basename } from "node:path";
import { decodeDeep } from "#engine/deep/decode.ts";
import { deepSize, encodedSize } from "#engine/deep/encode.ts";
import { EngineError } from "#engine/error.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { externalLocations, loadExternalData } from "#engine/onnx/external.ts";
import { defaultLimits } from "#engine/onnx/limits.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sniffFormat } from "#engine/onnx/sniff.ts";
import { externalFilesBeside, readFile } from "#engine/runtime/files.ts";

export interface LoadedModel {
  readonly model: Model;
  /** The ONNX file; of a deep form, the one that it holds. */
  readonly file: Uint8Array;
  readonly sha256: string;
  /** Of the file and what it uses of its external data. */
  readonly bytes: number;
  /** External data that now stands in the model. */
  readonly externalBytes: number;
  readonly externalFiles: readonly string[];
  /** Of the deep form that the model was read from. */
  readonly deepBytes: number | undefined;
}

const notYet: readonly [test: RegExp, format: string][] = [
  [/\.tflite$/i, "TensorFlow Lite files"],
  [/\.safetensors$/i, "safetensors files"],
  [/\.json$/i, "TensorFlow.js models"],
];

/** True for a name that says that a file is a deep form. */
export function isDeepName(path: string): boolean {
  return /\.parsimony$/i.test(path);
}

/**
 * Reads a model with its external data; a deep form is decoded first.
 *
 * @throws EngineError whose place begins with the path
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  await refuseOtherFormats(path);
  const read = await readFile(path, defaultLimits.maxBytes);
  const kind = sniffFormat(read).kind;
  if (kind === "tflite") throw unsupported("TensorFlow Lite files", path);
  if (kind === "safetensors") throw unsupported("safetensors files", path);
  return await atPath(path, async () => {
    const isDeep = kind === "deep" || isDeepName(path);
    const file = isDeep ? decodeDeep(read) : read;
    const model = decodeModel(file);
    const externalFiles = externalLocations(model);
    const externalBytes = externalFiles.length > 0 ? await loadBeside(model, path) : 0;
    const sha256 = createHash("sha256").update(file).digest("hex");
    const bytes = file.length + externalBytes;
    const deepBytes = isDeep && externalBytes === 0 ? read.length : undefined;
    return { model, file, sha256, bytes, externalBytes, externalFiles, deepBytes };
  });
}

/** Bytes of the deep form: those that it has, or would have. */
export function encodedBytesOf({ model, file, externalBytes, deepBytes }: LoadedModel): number {
  return deepBytes ?? (externalBytes > 0 ? encodedSize(model) : deepSize(file));
}

async function loadBeside(model: Model, path: string): Promise<number> {
  await using files = await externalFilesBeside(path);
  return (await loadExternalData(model, files)).bytes;
}

async function refuseOtherFormats(path: string): Promise<void> {
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) throw unsupported("folders with a safetensors file", path);
  const found = notYet.find(([test]) => test.test(basename(path)));
  if (info !== undefined && found !== undefined) throw unsupported(found[1], path);
}

function unsupported(what: string, path: string): EngineError {
  return new EngineError("unsupported", `not supported yet: ${what}, only .onnx and .parsimony`, path);
}

/** Puts the path in front of the place of an error: a message says in which file it is. */
export async function atPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    throw new EngineError(
      error.code,
      error.detail,
      error.place === undefined ? path : `${path}, ${error.place}`,
    );
  }
}
