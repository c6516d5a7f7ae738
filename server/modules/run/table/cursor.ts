import { z } from "zod";
import { AppError } from "#contracts/errors.ts";

/** Where the next page begins: after a run with this sort value, or among those that have none. */
const cursorSchema = z.union([
  z.strictObject({ value: z.union([z.number(), z.string().max(200)]), id: z.uuid() }),
  z.strictObject({ rest: z.int() }),
]);
export type Cursor = z.infer<typeof cursorSchema>;

export function encodeCursor(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString("base64url");
}

/** @throws AppError `invalidInput` for anything that this module did not make */
export function decodeCursor(text: string | null | undefined): Cursor | undefined {
  if (!text) return undefined;
  try {
    return cursorSchema.parse(JSON.parse(Buffer.from(text, "base64url").toString("utf8")));
  } catch {
    throw new AppError("invalidInput", { fields: "cursor" });
  }
}
