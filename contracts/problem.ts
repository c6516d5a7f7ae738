import { z } from "zod";
import { remarkSchema, type Said } from "#engine/remarks/remark.schema.ts";

/**
 * Why a file was rejected or a run failed, as a row keeps it and a page shows it. `code` is an engine error's or
 * worker's; `message` is plain English, `remark` the
 * same for readers of other languages, where there are words for it; `place` names where in the file or graph.
 */
export const problemSchema = z.object({
  code: z.string().min(1).max(60),
  message: z.string().min(1).max(4_000),
  remark: remarkSchema.optional(),
  place: z.string().max(1_000).optional(),
});

export type Problem = z.infer<typeof problemSchema>;

/** What a problem says: the remark, which can be said in other languages, where there is one. */
export const saidBy = ({ message, remark }: Problem): Said => remark ?? message;
