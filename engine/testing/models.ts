import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { sharedData } from "./shared.ts";

/** Paths of all real ONNX models of the shared data below these folders, without the deliberately broken ones. */
export function realModels(...folders: readonly string[]): { name: string; path: string }[] {
  return folders.flatMap((folder) => {
    const root = sharedData(folder);
    if (root === undefined) return [];
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith(".onnx"))
      .map((entry) => join(entry.parentPath, entry.name))
      .sort()
      .map((path) => ({ name: join(folder, relative(root, path)), path }));
  });
}

export function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path));
}
