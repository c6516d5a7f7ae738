import { signIn } from "next-auth/react";
import { AppError } from "#contracts/errors.ts";

/**
 * Signs in by next-auth. Throws `wrongCredentials`, `rateLimited` with the seconds to wait, or `unavailable`.
 */
export async function enter(email: string, password: string): Promise<void> {
  const answer = await signIn("credentials", { email, password, redirect: false }).catch(() => undefined);
  if (answer?.ok && !answer.error) return;
  const limited = /^rateLimited:(\d+)$/.exec(answer?.error ?? "");
  if (limited) throw new AppError("rateLimited", { seconds: Number(limited[1]) });
  throw new AppError(answer?.error === "CredentialsSignin" ? "wrongCredentials" : "unavailable");
}
