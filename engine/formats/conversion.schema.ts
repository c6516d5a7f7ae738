import { z } from "zod";
import { remarkSchema } from "#engine/remarks/remark.schema.ts";
import { parityReportSchema } from "./parity/report.schema.ts";

/** Formats that models are converted from. */
export const foreignFormats = ["tensorflow-js", "tensorflow-lite"] as const;
export type ForeignFormat = (typeof foreignFormats)[number];

/** How an ONNX file was made of files of another format. */
export const conversionSchema = z.object({
  format: z.enum(foreignFormats),
  /** Operators or layers of the source, and how many there are of each. */
  operators: z.record(z.string().max(200), z.int().positive()),
  /** What was left out or done otherwise. */
  notes: z.array(remarkSchema).max(1_000),
  /** Nodes that move values in memory: as the source's layout asks for them, and as they are left. */
  transposes: z.object({ before: z.int().nonnegative(), after: z.int().nonnegative() }),
  /** What the original's own runtime and ONNX Runtime gave for the same inputs. */
  parity: parityReportSchema,
});

export type Conversion = z.infer<typeof conversionSchema>;
