import { z } from "zod";

/**
 * Something that is said to people in their language: which sentence, and what stands in it. The sentences are in
 * English beside the code that says them (`*.words.ts`) and in other languages in `messages/`.
 */
export type Remark = {
  /** Group and sentence, such as `prune-nm.noGroup`. */
  readonly key: string;
  readonly params: { readonly [name: string]: RemarkValue };
};

/** Names and numbers, a remark inside a remark, or a list. Numbers are finite: others come as text. */
export type RemarkValue = string | number | Remark | readonly string[] | readonly Remark[];

/** How deep remarks stand in remarks: nothing that is said is nested deeper, whatever a model makes a process say. */
const levels = 5;

function remarkOf(level: number): z.ZodType<Remark> {
  const plain = z.union([z.string(), z.number(), z.array(z.string())]);
  const inner = level === 0 ? undefined : remarkOf(level - 1);
  const value = inner === undefined ? plain : z.union([plain, inner, z.array(inner)]);
  return z.object({ key: z.string(), params: z.record(z.string(), value) });
}

export const remarkSchema: z.ZodType<Remark> = remarkOf(levels);

/** A remark, or a plain sentence as results of earlier versions hold it. */
export const saidSchema = z.union([z.string(), remarkSchema]);
export type Said = z.infer<typeof saidSchema>;
