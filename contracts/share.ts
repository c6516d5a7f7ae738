import { z } from "zod";
import type { MeasurementRow } from "./measurement.ts";
import type { RunReport, RunState } from "./run.ts";
import { slug } from "./slug.ts";

export const shareSubjects = ["run", "experiment"] as const;
export type ShareSubject = (typeof shareSubjects)[number];
/** Days after which a grant ends by itself; null: until it is revoked. */
export const shareDays = [1, 7, 30, 90] as const;

export const subjectInput = z.object({ subject: z.enum(shareSubjects), subjectId: z.uuid() });

export const createShareInput = subjectInput.extend({
  /** One other organisation, or whoever has the link. */
  audience: z.discriminatedUnion("kind", [
    z.object({ kind: z.literal("organisation"), slug }),
    z.object({ kind: z.literal("link") }),
  ]),
  canDownload: z.boolean(),
  days: z.union([...shareDays.map((days) => z.literal(days)), z.null()]),
});

export const grantInput = z.object({ grantId: z.uuid() });
export const linkInput = z.object({ token: z.string().min(20).max(100) });

/** A grant as its giver sees it. */
export interface GrantRow {
  readonly id: string;
  readonly subject: ShareSubject;
  readonly subjectId: string;
  readonly audience: { readonly kind: "organisation"; readonly name: string } | { readonly kind: "link" };
  readonly canDownload: boolean;
  readonly createdAt: Date;
  readonly createdBy: string;
  readonly expiresAt: Date | null;
  readonly state: "active" | "expired" | "revoked";
}

/** A grant as the organisation sees it that it was given to. */
export interface ReceivedGrant {
  readonly id: string;
  readonly subject: ShareSubject;
  readonly title: string;
  readonly from: string;
  readonly canDownload: boolean;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
}

/**
 * One shared run: names and values only. It holds no ID of anything above or beside it, so that nothing else can be
 * asked for from here.
 */
export interface SharedRun {
  /** Position within what is shared; names the file to download. */
  readonly number: number;
  readonly recipeName: string;
  readonly isBaseline: boolean;
  readonly state: RunState;
  readonly endedAt: Date | null;
  readonly report: RunReport | null;
  readonly measurements: readonly MeasurementRow[];
  /** Bytes of the model, where it may be downloaded. */
  readonly downloadBytes: number | null;
}

export interface SharedView {
  readonly grantId: string;
  readonly subject: ShareSubject;
  readonly from: string;
  readonly question: string;
  readonly model: string;
  readonly dataset: string | null;
  readonly expiresAt: Date | null;
  readonly canDownload: boolean;
  readonly runs: readonly SharedRun[];
}
