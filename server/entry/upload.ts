import { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import {
  contentHashHeader,
  fileName,
  fileNameHeader,
  type Received,
  uploadTarget,
} from "#contracts/upload.ts";
import { currentSession } from "#server/auth/current.ts";
import type { Session } from "#server/auth/session.ts";
import { db } from "#server/db/client.ts";
import { stallSeconds, uploadHours } from "#server/modules/upload/limits.ts";
import { receive } from "#server/modules/upload/receive.ts";
import { sha256Pattern } from "#server/storage/store.ts";
import { answering, parsed } from "./answer.ts";
import { lastingPermission } from "./permission.ts";

const headersSchema = z.object({
  [fileNameHeader]: z
    .string()
    .max(2_000)
    .transform((value, context) => {
      try {
        return decodeURIComponent(value);
      } catch {
        context.addIssue({ code: "custom", message: "not URI-encoded" });
        return z.NEVER;
      }
    })
    .pipe(fileName),
  // Without it a connection that is cut could not be told from the end of the file.
  "content-length": z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  [contentHashHeader]: z.string().toLowerCase().regex(sha256Pattern).optional(),
});

const empty = () => new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });

/**
 * Receives one file: `POST …?org=…&project=…`, the body being the file, its name (URI-encoded) and length in headers.
 * Nothing of it is kept when the connection is cut, the session is revoked, or the file is not what was announced.
 */
export async function handleUpload(request: Request): Promise<Response> {
  return answering(async () => receiveFor(await currentSession(), request));
}

/** The same for a session that is already known. */
export async function receiveFor(session: Session | undefined, request: Request): Promise<Response> {
  const target = parsed(uploadTarget, Object.fromEntries(new URL(request.url).searchParams));
  const headers = parsed(headersSchema, Object.fromEntries(request.headers));
  const permission = await lastingPermission(session, target.org, "upload.create");
  const watchdog = stallWatchdog();
  try {
    const received: Received = await receive(db(), permission.scope, {
      project: target.project,
      fileName: headers[fileNameHeader],
      body: request.body ?? empty(),
      expectedBytes: headers["content-length"],
      expectedSha256: headers[contentHashHeader],
      signal: AbortSignal.any([permission.signal, gone(request.signal), watchdog.signal]),
      onBytes: watchdog.heard,
      recheck: permission.recheck,
    });
    return Response.json(received, { status: 201, headers: { "cache-control": "no-store" } });
  } finally {
    watchdog.end();
    permission.end();
  }
}

/** The signal of a request whose client went away, with a reason that says so. */
function gone(signal: AbortSignal): AbortSignal {
  const abort = new AbortController();
  const onAbort = () => abort.abort(new AppError("uploadIncomplete", {}, { cause: signal.reason }));
  if (signal.aborted) onAbort();
  else signal.addEventListener("abort", onAbort, { once: true });
  return abort.signal;
}

/** Ends an upload that sends nothing for a while, or takes longer than any may. */
function stallWatchdog() {
  const abort = new AbortController();
  const stop = () => abort.abort(new AppError("uploadIncomplete"));
  const stall = setTimeout(stop, stallSeconds * 1_000);
  const total = setTimeout(stop, uploadHours * 3_600_000);
  return {
    signal: abort.signal,
    heard: () => void stall.refresh(),
    end: () => {
      clearTimeout(stall);
      clearTimeout(total);
    },
  };
}
