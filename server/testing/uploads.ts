import type { Received } from "#contracts/upload.ts";
import type { Session } from "#server/auth/session.ts";
import { answering } from "#server/entry/answer.ts";
import { receiveFor } from "#server/entry/upload.ts";
import type { TestOrganisation } from "./people.ts";
import { streamOf } from "./store.ts";

export interface UploadRequest {
  readonly body: ReadableStream<Uint8Array>;
  readonly fileName?: string;
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

/** Sends a request as a browser would, to the handler behind the upload's route. */
export function sendUpload(
  session: Session | undefined,
  at: { slug: string; projectSlug: string },
  { body, fileName = "model.onnx", headers, signal }: UploadRequest,
): Promise<Response> {
  const request = new Request(`http://localhost/api/uploads?org=${at.slug}&project=${at.projectSlug}`, {
    method: "POST",
    body: body as ReadableStream<Uint8Array<ArrayBuffer>>,
    duplex: "half",
    signal,
    headers: { "x-file-name": encodeURIComponent(fileName), ...headers },
  } as RequestInit);
  return answering(() => receiveFor(session, request));
}

/** Uploads these bytes and expects that it works. */
export async function uploaded(
  session: Session,
  at: TestOrganisation,
  bytes: Uint8Array,
  fileName = "model.onnx",
): Promise<Received> {
  const answer = await sendUpload(session, at, {
    body: streamOf(bytes),
    fileName,
    headers: { "content-length": String(bytes.length) },
  });
  if (answer.status !== 201) throw new Error(`The upload was refused: ${await answer.text()}`);
  return (await answer.json()) as Received;
}
