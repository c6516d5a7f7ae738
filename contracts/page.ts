import { z } from "zod";

/** A page of a list that is read from the newest backwards: `cursor` is the last ID that the caller has. */
export const pageInput = z.object({
  cursor: z.uuid().nullish(),
  limit: z.int().min(1).max(200).default(50),
});
export type PageInput = z.output<typeof pageInput>;

export interface Page<Row> {
  readonly rows: readonly Row[];
  /** Hand this in as `cursor` for the next page; null at the end. */
  readonly nextCursor: string | null;
  /** Rows of the whole list. */
  readonly total: number;
}
