import { z } from "zod";
import { bodyOf } from "#components/api/error-body.ts";
import type { ErrorBody } from "#contracts/errors.ts";
import { fileNameHeader, type Received } from "#contracts/upload.ts";

export interface SendOptions {
  readonly org: string;
  readonly project: string;
  readonly file: File;
  /** Bytes that have left the browser so far. */
  readonly onSent: (bytes: number) => void;
}

export interface Sending {
  readonly done: Promise<Received>;
  readonly cancel: () => void;
}

/** A failed upload, in the form that error notes read. */
export class UploadFailed extends Error {
  readonly data: { readonly app: ErrorBody };

  constructor(app: ErrorBody) {
    super(app.code);
    this.name = "UploadFailed";
    this.data = { app };
  }
}

/** The person stopped the upload: nothing went wrong, and nothing is kept. */
export class UploadCancelled extends Error {
  override readonly name = "UploadCancelled";
}

const receivedSchema = z.object({ uploadId: z.string(), sha256: z.string(), bytes: z.number() });

/**
 * Sends one file as the body of a request. XMLHttpRequest, because fetch does not tell how much of a body has been
 * sent.
 */
export function sendFile({ org, project, file, onSent }: SendOptions): Sending {
  const request = new XMLHttpRequest();
  const done = new Promise<Received>((resolve, reject) => {
    const fail = (answer: unknown) => reject(new UploadFailed(bodyOf(answer)));
    request.upload.onprogress = (event) => onSent(event.loaded);
    request.onload = () => {
      const answer = parse(request.responseText);
      const received = receivedSchema.safeParse(answer);
      if (request.status < 300 && received.success) resolve(received.data);
      else fail(errorOf(answer));
    };
    request.onerror = () => fail(parse(request.responseText));
    request.onabort = () => reject(new UploadCancelled());
    request.open("POST", `/api/uploads?${new URLSearchParams({ org, project })}`);
    request.setRequestHeader(fileNameHeader, encodeURIComponent(file.name));
    request.setRequestHeader("content-type", "application/octet-stream");
    request.send(file);
  });
  return { done, cancel: () => request.abort() };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function errorOf(answer: unknown): unknown {
  return typeof answer === "object" && answer !== null && "error" in answer ? answer.error : answer;
}
