import type { z } from "zod";
import { EngineError } from "#engine/error.ts";
import { plain } from "#engine/onnx/quote.ts";

/** What zod found first, as an error of the file. */
export function faultOf(error: z.ZodError, place: string): EngineError {
  const [issue] = error.issues.map((one) => deepest(one, []));
  const where = issue?.path.map((step) => plain(String(step))).join(".") ?? "";
  const what = plain(issue?.message ?? "it is not valid");
  return new EngineError("malformed", where === "" ? what : `Field ${where}: ${what}`, place);
}

interface Placed {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

/** Of several forms that a value may have: what is wrong with the one that it is closest to, so that the place is named. */
function deepest(issue: z.core.$ZodIssue, before: readonly PropertyKey[]): Placed {
  const path = [...before, ...issue.path];
  const own = { path, message: issue.message };
  if (issue.code !== "invalid_union") return own;
  return issue.errors
    .flat()
    .map((inner) => deepest(inner, path))
    .reduce<Placed>((best, other) => (other.path.length > best.path.length ? other : best), own);
}

export function malformed(message: string, place?: string): EngineError {
  return new EngineError("malformed", message, place);
}

export function exceeded(message: string, place?: string): EngineError {
  return new EngineError("limit-exceeded", message, place);
}
