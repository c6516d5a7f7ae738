import { z } from "zod";
import type { Conversion } from "#engine/formats/conversion.schema.ts";
import type { Inspection } from "#engine/inspect.schema.ts";
import type { MeasurementRow } from "./measurement.ts";
import { pageInput } from "./page.ts";
import { slug } from "./slug.ts";
import { trimmed } from "./text.ts";

export const checkStates = ["checking", "ready", "rejected"] as const;
export type CheckState = (typeof checkStates)[number];

const name = trimmed(120).min(1);
const text = trimmed(20_000);

const licence = trimmed(200);

/** Most files of one model. */
export const mostModelFiles = 1_000;

/** Either a new model, by its name, or a further version of one, by its ID. */
export const registerModelInput = z
  .object({
    project: slug,
    uploadId: z.uuid(),
    /** Further files of the same model: shards of weights. */
    beside: z
      .array(z.uuid())
      .max(mostModelFiles - 1)
      .default([]),
    name: name.optional(),
    modelId: z.uuid().optional(),
    description: text.default(""),
    /** What is known of the training data; empty: unknown, and metrics are then marked so. */
    trainingData: text.default(""),
    licence: licence.default(""),
  })
  .refine(({ name, modelId }) => (name === undefined) !== (modelId === undefined), {
    path: ["name"],
    message: "give either the name of a new model or the ID of a model that gets a new version",
  });

export const listModelsInput = pageInput.extend({
  project: slug,
  search: trimmed(100).default(""),
});
export const modelInput = z.object({ project: slug, model: slug });
export const modelVersionInput = modelInput.extend({ number: z.int().min(1).max(1_000_000) });
/** What is left out stays as it is. */
export const updateModelInput = z.object({
  modelId: z.uuid(),
  name: name.optional(),
  description: text.optional(),
  trainingData: text.optional(),
  licence: licence.optional(),
});
export const modelStatusInput = z.object({ versionId: z.uuid() });

export interface RegisteredModel {
  readonly modelId: string;
  readonly slug: string;
  readonly versionId: string;
  readonly number: number;
}

export interface ModelVersionRow {
  readonly id: string;
  readonly number: number;
  readonly state: CheckState;
  readonly fileName: string;
  readonly bytes: number;
  readonly sha256: string;
  /** null until it is ready. */
  readonly parameters: number | null;
  readonly parentVersionId: string | null;
  readonly runId: string | null;
  /** Made of files of another format. */
  readonly isConverted: boolean;
  readonly createdAt: Date;
}

/** A file as it was handed over. */
export interface ModelSourceFile {
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

export interface ModelRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly licence: string;
  readonly createdAt: Date;
  readonly versions: number;
  readonly latest: ModelVersionRow | null;
}

export interface ModelDetail {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly description: string;
  readonly trainingData: string;
  readonly licence: string;
  readonly createdAt: Date;
  readonly createdBy: string;
  /** Newest first. */
  readonly versions: readonly ModelVersionRow[];
}

export interface ModelVersionDetail extends ModelVersionRow {
  readonly model: { readonly slug: string; readonly name: string };
  readonly createdBy: string;
  /** null until it is ready. */
  readonly inspection: Inspection | null;
  /** How the file was made of `sources`; null for an ONNX file. */
  readonly conversion: Conversion | null;
  readonly sources: readonly ModelSourceFile[];
}

/** All versions of a model and what made each from which. */
export interface ModelLineage {
  readonly versions: readonly ModelVersionRow[];
  readonly edges: readonly LineageEdge[];
}

export interface LineageEdge {
  readonly parentVersionId: string;
  readonly versionId: string;
  readonly recipeName: string;
  readonly run: {
    readonly id: string;
    readonly number: number;
    readonly experimentId: string;
    readonly experimentNumber: number;
  } | null;
  /** The model that the run learnt from, where that was not the parent. */
  readonly teacher: { readonly slug: string; readonly name: string; readonly number: number } | null;
  /** Change of the file's size in bytes: exact. */
  readonly bytesChange: number;
  /** What the run measured as a change against its baseline. */
  readonly changes: readonly Pick<
    MeasurementRow,
    "name" | "split" | "value" | "unit" | "interval" | "n" | "tier" | "method" | "baselineDelta"
  >[];
}

export interface ModelStatus {
  readonly versionId: string;
  readonly state: CheckState;
}
