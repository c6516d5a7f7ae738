import { createHash } from "node:crypto";
import { countParameters } from "#engine/inspect/parameters.ts";
import type { Model } from "#engine/onnx/model.ts";
import { gzipSize } from "#engine/runtime/gzip-size.ts";

export interface ModelFigures {
  readonly sha256: string;
  readonly bytes: number;
  /** Of the file alone, at gzip's usual level. */
  readonly gzipBytes: number;
  /** Of the model's deep form, external data included. */
  readonly encodedBytes: number;
  readonly parameters: number;
  /** Fraction of zeros, as `inspect` counts it. */
  readonly sparsity: number;
}

/**
 * Exact figures of an ONNX file given as its chunks; `externalBytes` stand in other files and count to `bytes`.
 *
 * @param encodedBytes of the deep form
 */
export async function modelFigures(
  model: Model,
  chunks: readonly Uint8Array[],
  externalBytes: number,
  encodedBytes: number,
): Promise<ModelFigures> {
  const hash = createHash("sha256");
  let bytes = externalBytes;
  for (const chunk of chunks) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  const { parameters, examined, zeros } = countParameters(model);
  return {
    sha256: hash.digest("hex"),
    bytes,
    gzipBytes: await gzipSize(chunks),
    encodedBytes,
    parameters,
    sparsity: examined === 0 ? 0 : zeros / examined,
  };
}
