import { z } from "zod";
import { manifestSchema } from "#engine/evaluate/dataset/manifest.schema.ts";
import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";
import type { CheckState } from "./model.ts";
import { pageInput } from "./page.ts";
import { slug } from "./slug.ts";
import { fileName } from "./upload.ts";

const name = z.string().trim().min(1).max(120);
const text = z.string().trim().max(20_000);

const files = z
  .array(z.object({ name: fileName, uploadId: z.uuid() }))
  .min(1)
  .max(64)
  .refine((all) => new Set(all.map((file) => file.name)).size === all.length, "two files have the same name")
  .refine(
    (all) => new Set(all.map((file) => file.uploadId)).size === all.length,
    "one upload is given twice",
  );

/** Either a new dataset, by its name, or a further version of one, by its ID. */
export const registerDatasetInput = z
  .object({
    project: slug,
    files,
    manifest: manifestSchema,
    name: name.optional(),
    datasetId: z.uuid().optional(),
    description: text.default(""),
    /** Where the data comes from: a citation or an address. */
    source: z.string().trim().max(2_000).default(""),
    licence: z.string().trim().max(200).default(""),
  })
  .refine(({ name, datasetId }) => (name === undefined) !== (datasetId === undefined), {
    path: ["name"],
    message: "give either the name of a new dataset or the ID of a dataset that gets a new version",
  });

export const suggestManifestInput = z.object({ project: slug, files });
export const listDatasetsInput = pageInput.extend({
  project: slug,
  search: z.string().trim().max(100).default(""),
});
export const datasetInput = z.object({ project: slug, dataset: slug });
export const datasetVersionInput = datasetInput.extend({ number: z.int().min(1).max(1_000_000) });
export const updateDatasetInput = z.object({
  datasetId: z.uuid(),
  name,
  description: text,
  source: z.string().trim().max(2_000),
  licence: z.string().trim().max(200),
});
export const datasetStatusInput = z.object({ versionId: z.uuid() });

export interface RegisteredDataset {
  readonly datasetId: string;
  readonly slug: string;
  readonly versionId: string;
  readonly number: number;
}

export interface DatasetVersionRow {
  readonly id: string;
  readonly number: number;
  readonly state: CheckState;
  readonly task: string;
  /** Items per split; null until it is ready. */
  readonly items: DatasetSummary["items"] | null;
  readonly bytes: number;
  readonly digest: string | null;
  readonly createdAt: Date;
}

export interface DatasetRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  readonly createdAt: Date;
  readonly versions: number;
  readonly latest: DatasetVersionRow | null;
}

export interface DatasetDetail {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly source: string;
  readonly licence: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  /** Newest first. */
  readonly versions: readonly DatasetVersionRow[];
}

export interface DatasetStatus {
  readonly versionId: string;
  readonly state: CheckState;
}

/** What the beginning of a file shows. */
export type FileKind = "csv" | "idx" | "lines" | "unknown";

export interface LookedAtFile {
  readonly name: string;
  readonly kind: FileKind;
  /** CSV: the columns in order. */
  readonly columns?: readonly LookedAtColumn[];
  /** IDX: element type and the whole shape, items first. */
  readonly array?: { readonly dtype: string; readonly shape: readonly number[] };
}

export interface LookedAtColumn {
  readonly name: string;
  /** As far as the first rows show. */
  readonly type: "integer" | "number" | "text";
  readonly examples: readonly string[];
}
