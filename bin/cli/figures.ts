import { countParameters } from "#engine/inspect/parameters.ts";
import { encodedBytesOf, gzipBytesOf, type SizedFile } from "#engine/runtime/model-size.ts";
import { sha256OfFile } from "./load.ts";

export interface ModelFigures {
  readonly sha256: string;
  readonly bytes: number;
  /** At gzip's usual level; absent where nobody asked. */
  readonly gzipBytes?: number;
  /** Of the model's deep form, external data included; absent for a model of 2 GiB and more, and where nobody asked. */
  readonly encodedBytes?: number;
  readonly parameters: number;
  /** Fraction of zeros, as `inspect` counts it. */
  readonly sparsity: number;
}

/**
 * Exact figures of an ONNX file.
 *
 * @param withSizes gzip and the deep form too, which take longer than most techniques
 * @param deepBytes of its deep form, where that is known
 */
export async function modelFigures(
  file: SizedFile,
  withSizes: boolean,
  deepBytes?: number,
): Promise<ModelFigures> {
  const { parameters, examined, zeros } = countParameters(file.model);
  const encodedBytes = deepBytes ?? (withSizes ? await encodedBytesOf(file) : undefined);
  return {
    sha256: await sha256OfFile(file.path),
    bytes: file.bytes,
    ...(withSizes && { gzipBytes: await gzipBytesOf(file) }),
    ...(encodedBytes !== undefined && { encodedBytes }),
    parameters,
    sparsity: examined === 0 ? 0 : zeros / examined,
  };
}
