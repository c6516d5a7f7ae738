import { z } from "zod";
import { type ErrorBody, errorCodes } from "#contracts/errors.ts";

const errorBody = z.object({
  code: z.enum(errorCodes),
  details: z.record(z.string(), z.union([z.string(), z.number()])).catch({}),
  id: z.string().catch(""),
});

/** A failure of the API (tRPC) or of a route handler (JSON `{error}`), as its body; `unavailable` where no answer came. */
export function bodyOf(error: unknown): ErrorBody {
  const found = readBody(error);
  if (found) return found;
  // Neither answer nor body: the network, or a server that is starting again.
  return { code: "unavailable", details: {}, id: "" };
}

function readBody(error: unknown): ErrorBody | undefined {
  if (typeof error !== "object" || error === null) return undefined;
  const data = "data" in error ? error.data : undefined;
  const app = typeof data === "object" && data !== null && "app" in data ? data.app : error;
  const parsed = errorBody.safeParse(app);
  return parsed.success ? parsed.data : undefined;
}

const prefix = "parsimony";

/** Next hides a server error's message from the browser but hands on its `digest`; ours carries code and ID. */
export function digestOf(body: ErrorBody): string {
  return [prefix, body.code, body.id].join(";");
}

export function bodyOfDigest(error: unknown): ErrorBody {
  const digest = typeof error === "object" && error !== null && "digest" in error ? String(error.digest) : "";
  const [mark, code, id] = digest.split(";");
  const parsed = errorBody.safeParse({ code, id, details: {} });
  if (mark === prefix && parsed.success) return parsed.data;
  return { code: "internal", details: {}, id: digest.slice(0, 20) };
}
