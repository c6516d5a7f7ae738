import { TRPCError } from "@trpc/server";
import type { TRPC_ERROR_CODE_KEY } from "@trpc/server/rpc";
import { AppError, type ErrorBody, type ErrorCode, statusOf } from "#contracts/errors.ts";
import { log } from "#server/log/log.ts";

const byStatus: Record<number, TRPC_ERROR_CODE_KEY> = {
  400: "BAD_REQUEST",
  401: "UNAUTHORIZED",
  403: "FORBIDDEN",
  404: "NOT_FOUND",
  409: "CONFLICT",
  413: "PAYLOAD_TOO_LARGE",
  422: "UNPROCESSABLE_CONTENT",
  429: "TOO_MANY_REQUESTS",
  503: "SERVICE_UNAVAILABLE",
};

function trpcCode(code: ErrorCode): TRPC_ERROR_CODE_KEY {
  return byStatus[statusOf[code]] ?? "INTERNAL_SERVER_ERROR";
}

/** True for failures of the connection to the database: the answer is "try again", not "we have a bug". */
function isDatabaseAway(error: unknown): boolean {
  const text =
    error instanceof Error ? `${error.name} ${error.message} ${"code" in error ? error.code : ""}` : "";
  return /ECONNREFUSED|ECONNRESET|P1001|P1017|57P01|57P03|Connection terminated|timeout exceeded when trying to connect|terminating connection|starting up|shutting down/i.test(
    text,
  );
}

/**
 * Any failure as a tRPC error. Known ones keep their code; the rest is logged under the request's ID and sanitised.
 */
export function toTrpcError(error: unknown, requestId: string): TRPCError {
  if (error instanceof AppError)
    return new TRPCError({ code: trpcCode(error.code), message: error.code, cause: error });
  if (error instanceof TRPCError && error.code !== "INTERNAL_SERVER_ERROR") return error;
  const cause = error instanceof TRPCError ? (error.cause ?? error) : error;
  if (cause instanceof AppError)
    return new TRPCError({ code: trpcCode(cause.code), message: cause.code, cause });
  const code: ErrorCode = isDatabaseAway(cause) ? "unavailable" : "internal";
  log.error("a request failed", cause, { id: requestId, code });
  return new TRPCError({ code: trpcCode(code), message: code, cause: new AppError(code) });
}

/** What the client receives. Input that does not fit its schema names the fields. */
export function errorBody(error: TRPCError, requestId: string): ErrorBody {
  if (error.cause instanceof AppError) {
    return { code: error.cause.code, details: error.cause.details, id: requestId };
  }
  if (error.code === "BAD_REQUEST") {
    const issues = (error.cause as { issues?: { path: PropertyKey[] }[] } | undefined)?.issues ?? [];
    const fields = [...new Set(issues.map((issue) => issue.path.join(".")))].filter(Boolean).join(", ");
    return { code: "invalidInput", details: { fields }, id: requestId };
  }
  if (error.code === "NOT_FOUND" || error.code === "METHOD_NOT_SUPPORTED") {
    return { code: "notFound", details: {}, id: requestId };
  }
  return { code: "internal", details: {}, id: requestId };
}
