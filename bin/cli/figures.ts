import { countParameters } from "#engine/inspect/parameters.ts";
import { gzipSizeOfFile } from "#engine/runtime/gzip-size.ts";
import { encodedBytesOf, type SizedFile } from "#engine/runtime/model-size.ts";
import { sha256OfFile } from "./load.ts";

export interface ModelFigures {
  readonly sha256: string;
  readonly bytes: number;
  /** Of the file alone, at gzip's usual level. */
  readonly gzipBytes: number;
  /** Of the model's deep form, external data included; absent for a model of 2 GiB and more. */
  readonly encodedBytes: number | undefined;
  readonly parameters: number;
  /** Fraction of zeros, as `inspect` counts it. */
  readonly sparsity: number;
}

/**
 * Exact figures of an ONNX file.
 *
 * @param deepBytes of its deep form, where that is known
 */
export async function modelFigures(file: SizedFile, deepBytes?: number): Promise<ModelFigures> {
  const { parameters, examined, zeros } = countParameters(file.model);
  return {
    sha256: await sha256OfFile(file.path),
    bytes: file.bytes,
    gzipBytes: await gzipSizeOfFile(file.path),
    encodedBytes: deepBytes ?? (await encodedBytesOf(file)),
    parameters,
    sparsity: examined === 0 ? 0 : zeros / examined,
  };
}
