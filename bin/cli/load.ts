import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { decodeDeep } from "#engine/deep/decode.ts";
import { EngineError } from "#engine/error.ts";
import { defaultLimits } from "#engine/onnx/limits.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sniffFormat } from "#engine/onnx/sniff.ts";
import { RandomFile } from "#engine/runtime/file-bytes.ts";
import { readFile } from "#engine/runtime/files.ts";
import { openModel } from "#engine/runtime/model-file.ts";

/** A model whose files stay open, and as they are, until it is disposed of. */
export interface LoadedModel extends Disposable {
  readonly model: Model;
  /** The ONNX file; of a deep form, the restored one, which goes away with it. */
  readonly path: string;
  /** Of the file and what it uses of its external data. */
  readonly bytes: number;
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

/** As much of a file as tells its format. */
const headBytes = 1 << 16;

/** True for a name that says that a file is a deep form. */
export function isDeepName(path: string): boolean {
  return /\.parsimony$/i.test(path);
}

/**
 * Opens a model with its external data; a deep form is decoded first.
 *
 * @throws EngineError whose place begins with the path
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  await refuseOtherFormats(path);
  return await atPath(path, async () => {
    const kind = formatOf(path);
    if (kind === "tflite") throw unsupported("TensorFlow Lite files", path);
    if (kind === "safetensors") throw unsupported("safetensors files", path);
    return kind === "deep" || isDeepName(path)
      ? await restored(path)
      : { ...opened(path), deepBytes: undefined };
  });
}

function opened(path: string) {
  const { model, bytes, externalBytes, externalFiles, [Symbol.dispose]: dispose } = openModel(path);
  return { model, path, bytes, externalBytes, externalFiles, [Symbol.dispose]: dispose };
}

/** The runtime reads ONNX files alone, and so do those who look at parts of a file. */
async function restored(path: string): Promise<LoadedModel> {
  const deep = await readFile(path, defaultLimits.maxBytes);
  const file = decodeDeep(deep);
  const folder = mkdtempSync(join(tmpdir(), "parsimony-restored-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", remove);
  const onnx = join(folder, "model.onnx");
  writeFileSync(onnx, file);
  const { externalBytes, [Symbol.dispose]: close, ...found } = opened(onnx);
  const deepBytes = externalBytes === 0 ? deep.length : undefined;
  return {
    ...found,
    externalBytes,
    deepBytes,
    [Symbol.dispose]() {
      close();
      remove();
    },
  };
}

function formatOf(path: string) {
  using file = new RandomFile(path);
  return sniffFormat(file.read(0, Math.min(file.size, headBytes))).kind;
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

/** SHA-256 of a file in lower-case hexadecimal. */
export async function sha256OfFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest("hex");
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
      error.place === undefined || error.place === path ? path : `${path}, ${error.place}`,
    );
  }
}
