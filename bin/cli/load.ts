import { createHash } from "node:crypto";
import { createReadStream, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeDeep } from "#engine/deep/decode.ts";
import { EngineError } from "#engine/error.ts";
import { defaultLimits } from "#engine/onnx/limits.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sniffFormat } from "#engine/onnx/sniff.ts";
import { RandomFile } from "#engine/runtime/file-bytes.ts";
import { readFile } from "#engine/runtime/files.ts";
import { openModel } from "#engine/runtime/model-file.ts";
import { convertTo } from "./conversion.ts";

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

/** As much of a file as tells its format. */
const headBytes = 1 << 16;

/** True for a name that says that a file is a deep form. */
export function isDeepName(path: string): boolean {
  return /\.parsimony$/i.test(path);
}

/**
 * Opens a model with its external data; a deep form is decoded first, and a model of another format is converted.
 *
 * @throws EngineError whose place begins with the path
 */
export async function loadModel(path: string): Promise<LoadedModel> {
  if (isForeign(path)) return await converted(path);
  return await atPath(path, async () => {
    const kind = formatOf(path);
    if (kind === "tflite") return await converted(path);
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
  const { onnx, remove } = passing();
  writeFileSync(onnx, file);
  const { externalBytes, ...found } = opened(onnx);
  const deepBytes = externalBytes === 0 ? deep.length : undefined;
  return gone({ ...found, externalBytes, deepBytes }, remove);
}

/** Another process makes it, and compares it with the original: it executes both. */
async function converted(path: string): Promise<LoadedModel> {
  const { onnx, remove } = passing();
  try {
    await convertTo(path, onnx);
  } catch (error) {
    remove();
    throw error;
  }
  return gone({ ...opened(onnx), deepBytes: undefined }, remove);
}

/** A place for a file that goes away with what was opened from it. */
function passing(): { onnx: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "parsimony-restored-"));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  process.on("exit", remove);
  return { onnx: join(folder, "model.onnx"), remove };
}

function gone(loaded: LoadedModel, remove: () => void): LoadedModel {
  return {
    ...loaded,
    [Symbol.dispose]() {
      loaded[Symbol.dispose]();
      remove();
    },
  };
}

function formatOf(path: string) {
  using file = new RandomFile(path);
  return sniffFormat(file.read(0, Math.min(file.size, headBytes))).kind;
}

/** A folder, or a description of a model that other files belong to. */
function isForeign(path: string): boolean {
  const info = statSync(path, { throwIfNoEntry: false });
  return info?.isDirectory() === true || (info !== undefined && /\.json$/i.test(path));
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
