import { existsSync } from "node:fs";
import { resolve } from "node:path";

const root = resolve(import.meta.dirname, "../../../shared");

/**
 * Path of a file or folder of the shared test data that stands beside the checkout, or undefined where that
 * folder is absent. Use with `describe.skipIf` so that a skipped test stays visible in the count.
 *
 * @param path relative to the shared folder, for example `data/onnx/mnist`
 */
export function sharedData(path: string): string | undefined {
  const full = resolve(root, path);
  return existsSync(full) ? full : undefined;
}
