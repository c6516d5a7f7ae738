import { z } from "zod";
import { remarkSchema } from "#engine/remarks/remark.schema.ts";
import { splitNames } from "./manifest.schema.ts";

const counts = z.array(z.number().int().nonnegative());

/** What a page shows of a dataset without loading it again. */
export const datasetSummarySchema = z.object({
  name: z.string(),
  task: z.enum(["classification", "regression", "ranking"]),
  /** Items per split. */
  items: z.record(z.enum(splitNames), z.number().int().nonnegative()),
  columns: z.array(
    z.object({
      name: z.string(),
      /** `array` columns hold one array per item, of `itemShape`; `unused` ones are not read by the manifest. */
      kind: z.enum(["number", "text", "array", "unused"]),
      itemShape: z.array(z.number().int()).optional(),
      range: z.object({ low: z.number(), high: z.number() }).optional(),
    }),
  ),
  /** True where more columns exist than are listed. */
  columnsCut: z.boolean(),
  label: z
    .discriminatedUnion("kind", [
      z.object({
        kind: z.literal("class"),
        column: z.string(),
        /** Class names; in `counts` one number per class and split, in the same order. */
        classes: z.array(z.string()),
        classCount: z.number().int(),
        counts: z.record(z.enum(splitNames), counts),
      }),
      z.object({
        kind: z.literal("value"),
        column: z.string(),
        /** Bounds of the histogram's bins, one more than bins. */
        edges: z.array(z.number()),
        /** Where the label takes few values: each of them, in ascending order, one per bin. */
        values: z.array(z.number()).optional(),
        counts: z.record(z.enum(splitNames), counts),
      }),
    ])
    .optional(),
  /** The first rows as written, for tables. */
  head: z.array(z.array(z.string())),
  /** What whoever uses the data should know; of earlier versions nothing is known. */
  remarks: z.array(remarkSchema).optional(),
  /** Sample items as pictures, row-major grey or RGB bytes in base64. */
  images: z.array(
    z.object({
      width: z.number().int().positive(),
      height: z.number().int().positive(),
      channels: z.union([z.literal(1), z.literal(3)]),
      pixels: z.base64(),
      label: z.string().optional(),
      split: z.enum(splitNames),
    }),
  ),
});

export type DatasetSummary = z.infer<typeof datasetSummarySchema>;
export type SampleImage = DatasetSummary["images"][number];
