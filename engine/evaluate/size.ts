import { counted } from "./measurement/build.ts";
import type { Conditions, Measurement } from "./measurement.schema.ts";

/** Sizes of a model's file, all exact. */
export interface ModelSize {
  /** With external data. */
  readonly bytes: number;
  readonly gzipBytes: number;
  /** Of the deep form, with external data; a model of 2 GiB and more has none. */
  readonly encodedBytes: number | undefined;
  readonly parameters: number;
  /** Zeros among the parameters, 0 to 1. */
  readonly sparsity: number;
}

/** Size measurements of a model, with their differences from the baseline's. */
export function sizeMeasurements(
  size: ModelSize,
  conditions: Conditions,
  baseline?: ModelSize,
): Measurement[] {
  const of = (method: string) => ({ method, conditions });
  return [
    counted("size/file", size.bytes, of("bytes of the file"), baseline?.bytes),
    counted("size/gzip", size.gzipBytes, of("bytes of the file after gzip, level 6"), baseline?.gzipBytes),
    ...(size.encodedBytes === undefined
      ? []
      : [
          counted(
            "size/encoded",
            size.encodedBytes,
            of("bytes of the deep form, version 1"),
            baseline?.encodedBytes,
          ),
        ]),
    counted(
      "size/parameters",
      size.parameters,
      of("weights stored in the file, each once, without scales and zero points"),
      baseline?.parameters,
    ),
    counted(
      "size/sparsity",
      size.sparsity,
      of("share of the weights that are exactly zero"),
      baseline?.sparsity,
    ),
  ];
}
