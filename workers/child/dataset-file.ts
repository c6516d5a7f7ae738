import { EngineError } from "#engine/error.ts";
import type { Dataset, LoadOptions } from "#engine/evaluate/dataset/dataset.ts";
import { type Manifest, manifestSchema } from "#engine/evaluate/dataset/manifest.schema.ts";
import { openFiles, readDatasetFiles } from "#engine/runtime/dataset-files.ts";

export interface DatasetFiles {
  readonly manifest: unknown;
  readonly files: Readonly<Record<string, string>>;
}

export function manifestOf({ manifest }: DatasetFiles): Manifest {
  const parsed = manifestSchema.safeParse(manifest);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new EngineError(
    "malformed",
    `The manifest is not valid: ${issue?.message ?? ""}`,
    issue?.path.join("."),
  );
}

export async function readDataset(source: DatasetFiles, options?: LoadOptions): Promise<Dataset> {
  return readDatasetFiles(manifestOf(source), openFiles(new Map(Object.entries(source.files))), options);
}
