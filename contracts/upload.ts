import { z } from "zod";
import type { Problem } from "./problem.ts";
import { slug } from "./slug.ts";

export const uploadStates = ["receiving", "received", "checking", "registered", "rejected"] as const;
export type UploadState = (typeof uploadStates)[number];

/** Name of a file as people gave it: shown and offered for downloads, never a path on the server. */
export const fileName = z
  .string()
  .trim()
  .min(1)
  .max(255)
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would break headers and terminals
  .regex(/^[^/\\\u0000-\u001f\u007f]+$/);

/** Address of an upload: the body is the file itself, its name and length are in headers. */
export const uploadTarget = z.object({ org: slug, project: slug });
export const fileNameHeader = "x-file-name";
export const contentHashHeader = "x-content-sha256";

/** What the upload's address answers. */
export interface Received {
  readonly uploadId: string;
  readonly sha256: string;
  readonly bytes: number;
}

export const listUploadsInput = z.object({ project: slug });
export const uploadInput = z.object({ id: z.uuid() });

export interface UploadRow {
  readonly id: string;
  readonly fileName: string;
  readonly state: UploadState;
  readonly bytes: number;
  readonly sha256: string | null;
  /** Set where it was rejected. */
  readonly problem: Problem | null;
  readonly createdAt: Date;
}
