import type { Conversion } from "#engine/formats/conversion.schema.ts";
import { runInChild } from "./child.ts";

export interface ConversionRequest {
  readonly path: string;
  readonly out: string;
}

/** Converts a model in a process of its own: it executes the original and what was made of it. */
export function convertTo(path: string, out: string): Promise<Conversion> {
  return runInChild<Conversion>("convert-child.ts", { path, out } satisfies ConversionRequest, path);
}
