import type { z } from "zod";
import { EngineError } from "#engine/error.ts";
import { plain } from "#engine/onnx/quote.ts";

/** What zod found first, as an error of the file. */
export function faultOf(error: z.ZodError, place: string): EngineError {
  const [issue] = error.issues;
  const where = issue?.path.map((step) => plain(String(step))).join(".") ?? "";
  const what = plain(issue?.message ?? "it is not valid");
  return new EngineError("malformed", where === "" ? what : `Field ${where}: ${what}`, place);
}

export function malformed(message: string, place?: string): EngineError {
  return new EngineError("malformed", message, place);
}

export function exceeded(message: string, place?: string): EngineError {
  return new EngineError("limit-exceeded", message, place);
}
