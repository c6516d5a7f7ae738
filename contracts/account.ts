import { z } from "zod";
import { locales } from "./locale.ts";

export const email = z
  .email()
  .max(200)
  .transform((value) => value.toLowerCase());
/** Long enough to resist guessing; no rules about kinds of characters (NIST SP 800-63B). */
export const password = z.string().min(10).max(200);
export const personName = z.string().trim().min(1).max(80);

export const signUpInput = z.object({ email, password, name: personName, locale: z.enum(locales) });
export const resetRequestInput = z.object({ email });
export const resetInput = z.object({ token: z.string().min(20).max(100), password });
export const changePasswordInput = z.object({ current: z.string().min(1).max(200), password });
export const updateProfileInput = z.object({ name: personName, locale: z.enum(locales) });

export interface Me {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly locale: string;
  readonly isOperator: boolean;
  /** Set for the operator where mail does not leave this installation. */
  readonly mailFolder: string | null;
}

export interface SessionRow {
  readonly id: string;
  readonly userAgent: string;
  readonly ip: string;
  readonly createdAt: Date;
  readonly lastSeenAt: Date;
  readonly isCurrent: boolean;
}
