import { deepSize } from "../deep/encode.ts";
import type { ModelSize } from "../evaluate/size.ts";
import { defaultLimits } from "../onnx/limits.ts";
import { readFile } from "./files.ts";
import { gzipSizeOfFile } from "./gzip-size.ts";

/**
 * Sizes of a model's file.
 *
 * @param counted what an inspection found
 */
export async function modelSize(
  path: string,
  { bytes, parameters, sparsity }: Pick<ModelSize, "bytes" | "parameters" | "sparsity">,
): Promise<ModelSize> {
  const gzipBytes = await gzipSizeOfFile(path);
  const encodedBytes = deepSize(await readFile(path, defaultLimits.maxBytes));
  return { bytes, gzipBytes, encodedBytes, parameters, sparsity };
}
