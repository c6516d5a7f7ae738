import { z } from "zod";
import { type Manifest, manifestSchema } from "#engine/evaluate/dataset/manifest.schema.ts";
import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";
import type { CheckState } from "./model.ts";
import { pageInput } from "./page.ts";
import { slug } from "./slug.ts";
import { trimmed } from "./text.ts";
import { fileName } from "./upload.ts";

const name = trimmed(120).min(1);
const text = trimmed(20_000);
/** Room for long class lists; the row holds it whole. */
const maxManifestCharacters = 1 << 20;
const manifest = manifestSchema
  .refine((value) => JSON.stringify(value).length <= maxManifestCharacters, "the manifest is too long")
  // As JSON writes it; the database cannot keep it.
  .refine((value) => !JSON.stringify(value).includes("\\u0000"), "must not contain NUL characters");

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
    manifest,
    name: name.optional(),
    datasetId: z.uuid().optional(),
    description: text.default(""),
    /** Where the data comes from: a citation or an address. */
    source: trimmed(2_000).default(""),
    licence: trimmed(200).default(""),
  })
  .refine(({ name, datasetId }) => (name === undefined) !== (datasetId === undefined), {
    path: ["name"],
    message: "give either the name of a new dataset or the ID of a dataset that gets a new version",
  });

export const suggestManifestInput = z.object({ project: slug, files });
export const listDatasetsInput = pageInput.extend({
  project: slug,
  search: trimmed(100).default(""),
});
export const datasetInput = z.object({ project: slug, dataset: slug });
export const datasetVersionInput = datasetInput.extend({ number: z.int().min(1).max(1_000_000) });
/** What is left out stays as it is. */
export const updateDatasetInput = z.object({
  datasetId: z.uuid(),
  name: name.optional(),
  description: text.optional(),
  source: trimmed(2_000).optional(),
  licence: trimmed(200).optional(),
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

export interface DatasetVersionDetail extends DatasetVersionRow {
  readonly dataset: { readonly slug: string; readonly name: string };
  readonly createdBy: string;
  readonly manifest: Manifest;
  /** null until it is ready. */
  readonly summary: DatasetSummary | null;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

export interface DatasetStatus {
  readonly versionId: string;
  readonly state: CheckState;
}

/** What the beginning of a file shows. */
export type FileKind =
  | "csv"
  | "json-lines"
  | "parquet"
  | "idx"
  | "npy"
  | "wav"
  // What a ZIP holds, as its first files show.
  | "images"
  | "sounds"
  | "arrays"
  | "lines"
  | "unknown";

export interface LookedAtFile {
  readonly name: string;
  readonly kind: FileKind;
  /** CSV: whether the first row names the columns, and whether quotation marks quote. */
  readonly hasHeader?: boolean;
  readonly quotes?: boolean;
  /** Tables: the columns in order; without a header their names are their positions. */
  readonly columns?: readonly LookedAtColumn[];
  /** IDX and NPY: element type and the whole shape, items first. */
  readonly array?: { readonly dtype: string; readonly shape: readonly number[] };
  /** WAV: frames per second. */
  readonly rate?: number;
  /** ZIP: whether folders name splits. */
  readonly hasSplits?: boolean;
}

export interface LookedAtColumn {
  readonly name: string;
  /** As far as the first rows show. */
  readonly type: "integer" | "number" | "text";
  /** Different cells among the first rows. */
  readonly distinct: number;
  readonly examples: readonly string[];
}

/** Labels that cannot be those of the items. */
export interface UnequalCounts {
  readonly items: { readonly file: string; readonly count: number };
  readonly labels: { readonly file: string; readonly count: number };
}

export interface ManifestSuggestion {
  readonly files: readonly LookedAtFile[];
  /** A valid manifest for a person to correct; null where the files do not show enough. */
  readonly manifest: Manifest | null;
  readonly unequal: UnequalCounts | null;
}
