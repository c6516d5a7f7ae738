import { z } from "zod";

/** Name of the PostgreSQL notification channel. */
export const liveChannel = "parsimony_live";

/**
 * What one process tells the others. IDs only: whoever listens reads the rows, so that nothing here can leak and the
 * 8,000-byte limit of a notification is never met.
 */
export const liveEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("run"), runId: z.uuid(), experimentId: z.uuid(), projectId: z.uuid() }),
  z.object({ kind: z.literal("registration"), projectId: z.uuid(), versionId: z.uuid() }),
  z.object({ kind: z.literal("note"), noteId: z.uuid(), projectId: z.uuid() }),
  z.object({ kind: z.literal("session"), sessionId: z.uuid() }),
  z.object({ kind: z.literal("grant"), grantId: z.uuid() }),
  z.object({ kind: z.literal("cancel"), runId: z.uuid() }),
]);

export type LiveEvent = z.infer<typeof liveEvent>;
