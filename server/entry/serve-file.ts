import { artifactStore } from "#server/storage/current.ts";
import type { ByteRange } from "#server/storage/store.ts";

export interface ServedFile {
  readonly sha256: string;
  readonly bytes: number;
  /** Offered to whoever saves it. */
  readonly fileName: string;
}

/**
 * A stored file as the answer to a request: streamed, as an attachment, with its hash as entity tag, and in part where
 * a range is asked for (RFC 9110, sections 13 and 14; of several ranges none is honoured).
 */
export async function serveFile(request: Request, file: ServedFile): Promise<Response> {
  const etag = `"${file.sha256}"`;
  const headers = new Headers({
    etag,
    "accept-ranges": "bytes",
    // The answer depends on who asks; a browser may keep it, but asks again each time.
    "cache-control": "private, no-cache",
    "content-disposition": attachment(file.fileName),
    "content-type": "application/octet-stream",
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
  });
  if (matches(request.headers.get("if-none-match"), etag))
    return new Response(null, { status: 304, headers });
  const condition = request.headers.get("if-range");
  const range =
    condition === null || condition === etag ? rangeOf(request.headers.get("range"), file.bytes) : undefined;
  if (range === "unsatisfiable") {
    headers.set("content-range", `bytes */${file.bytes}`);
    headers.delete("content-disposition");
    return new Response(null, { status: 416, headers });
  }
  if (range) headers.set("content-range", `bytes ${range.start}-${range.end}/${file.bytes}`);
  headers.set("content-length", String(range ? range.end - range.start + 1 : file.bytes));
  const body = request.method === "HEAD" ? null : await artifactStore().open(file.sha256, range);
  return new Response(body as ReadableStream<Uint8Array<ArrayBuffer>> | null, {
    status: range ? 206 : 200,
    headers,
  });
}

function matches(header: string | null, etag: string): boolean {
  if (header === null) return false;
  const tags = header.split(",").map((tag) => tag.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(etag);
}

/** The one range that is asked for; undefined where the whole file is to be sent. */
export function rangeOf(header: string | null, bytes: number): ByteRange | "unsatisfiable" | undefined {
  const found = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header?.replace(/\s/g, "") ?? "");
  if (!found) return undefined;
  const [, first = "", last = ""] = found;
  if (first === "" && last === "") return undefined;
  if (first === "") {
    const length = Math.min(Number(last), bytes);
    return length === 0 ? "unsatisfiable" : { start: bytes - length, end: bytes - 1 };
  }
  const start = Number(first);
  const end = last === "" ? bytes - 1 : Math.min(Number(last), bytes - 1);
  if (last !== "" && Number(last) < start) return undefined;
  return start >= bytes ? "unsatisfiable" : { start, end };
}

/** `Content-Disposition` for any name: an ASCII one for old clients, the exact one as RFC 8187 writes it. */
export function attachment(fileName: string): string {
  const plain = fileName.normalize("NFKD").replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const exact = encodeURIComponent(fileName.toWellFormed()).replace(
    /['()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`;
}
