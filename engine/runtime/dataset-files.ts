import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { EngineError } from "#engine/error.ts";
import { type Dataset, type LoadOptions, openDataset } from "../evaluate/dataset/dataset.ts";
import type { Manifest } from "../evaluate/dataset/manifest.schema.ts";
import { parseManifest } from "../evaluate/dataset/manifest.ts";
import type { OpenFile } from "../evaluate/dataset/sources.ts";
import { fileError } from "./files.ts";
import { gunzip, isGzip } from "./gunzip.ts";
import { openZip } from "./zip.ts";

/** A file is read whole; larger ones do not fit in memory next to their decoded form. */
const maxFileBytes = 2 ** 31 - 1;

/**
 * Opens dataset files through a table of names: a manifest can reach nothing else. gzip is undone, by content.
 *
 * @param paths file of each name that the manifest may use
 */
export function openFiles(paths: ReadonlyMap<string, string>): OpenFile {
  return (name) => {
    const path = paths.get(name);
    if (path === undefined) {
      const listed = [...paths.keys()].slice(0, 40).join(", ");
      throw new EngineError("data-mismatch", `The dataset has no file "${name}"; it has ${listed || "none"}`);
    }
    return readWhole(path, name);
  };
}

/** Opens files by plain name in one folder, and nothing outside of it. */
export function openFolder(folder: string): OpenFile {
  return (name) => {
    const path = join(folder, name);
    if (basename(name) !== name || !existsSync(path)) {
      throw new EngineError("data-mismatch", `There is no file "${name}" beside the manifest`, folder);
    }
    return readWhole(path, name);
  };
}

function readWhole(path: string, name: string): Uint8Array {
  let bytes: Uint8Array;
  try {
    const { size } = statSync(path);
    if (size > maxFileBytes) {
      throw new EngineError(
        "limit-exceeded",
        `The file has ${size} bytes; at most ${maxFileBytes} are read`,
        name,
      );
    }
    bytes = readFileSync(path);
  } catch (error) {
    throw error instanceof EngineError ? error : fileError(error, name, "read");
  }
  return isGzip(bytes) ? gunzip(bytes, name) : bytes;
}

const manifestNames = ["dataset.yaml", "dataset.yml", "dataset.json"];

/** Loads a dataset of any format; archives are opened in memory. */
export async function readDatasetFiles(
  manifest: Manifest,
  open: OpenFile,
  options?: LoadOptions,
): Promise<Dataset> {
  return openDataset(manifest, open, openZip, options);
}

/**
 * Loads a dataset from disk.
 *
 * @param path the manifest, or the folder that holds `dataset.yaml`, `dataset.yml` or `dataset.json`
 */
export async function loadDatasetFrom(path: string, options?: LoadOptions): Promise<Dataset> {
  const file = findManifest(path);
  const manifest = parseManifest(readFileSync(file, "utf8"));
  return readDatasetFiles(manifest, openFolder(dirname(file)), options);
}

function findManifest(path: string): string {
  if (!existsSync(path)) throw new EngineError("data-mismatch", "There is no such dataset", path);
  if (!statSync(path).isDirectory()) return path;
  const name = manifestNames.find((candidate) => existsSync(join(path, candidate)));
  if (name !== undefined) return join(path, name);
  throw new EngineError("data-mismatch", `The folder has no ${manifestNames.join(" or ")}`, path);
}
