import { randomUUID } from "node:crypto";
import type { z } from "zod";
import { AppError, statusOf } from "#contracts/errors.ts";
import { errorBody, toTrpcError } from "#server/trpc/errors.ts";

/** Runs a route handler; whatever it throws becomes the same body that a procedure's failure has. */
export async function answering(handle: () => Promise<Response>): Promise<Response> {
  const requestId = randomUUID().slice(0, 8);
  try {
    return await handle();
  } catch (error) {
    const body = errorBody(toTrpcError(error, requestId), requestId);
    return Response.json(body, { status: statusOf[body.code], headers: { "cache-control": "no-store" } });
  }
}

/** Values of an address or header, parsed; `invalidInput` that names the wrong ones otherwise. */
export function parsed<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = [...new Set(result.error.issues.map((issue) => issue.path.join(".")))].join(", ");
  throw new AppError("invalidInput", { fields });
}
