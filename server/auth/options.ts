import type { NextAuthOptions } from "next-auth";
import Credentials from "next-auth/providers/credentials";
import { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import { db } from "#server/db/client.ts";
import { env } from "#server/env.ts";
import { verifyPassword } from "./password.ts";
import { consume, forgive } from "./rate-limit.ts";
import { secrets } from "./secrets.ts";
import { endSession, openSession, sessionDays } from "./session.ts";

const credentials = z.object({ email: z.email().max(200), password: z.string().min(1).max(200) });

/** Network address of a request as the nearest proxy states it; this machine where there is none. */
export function addressOf(headers: Record<string, unknown> | Headers | undefined): string {
  const value = headers instanceof Headers ? headers.get("x-forwarded-for") : headers?.["x-forwarded-for"];
  return typeof value === "string" ? (value.split(",").at(-1)?.trim() ?? "local") : "local";
}

async function authorize(input: unknown, headers: Record<string, unknown> | undefined) {
  const parsed = credentials.safeParse(input);
  if (!parsed.success) return null;
  const email = parsed.data.email.toLowerCase();
  const ip = addressOf(headers);
  try {
    await consume("signInAddress", ip);
    await consume("signIn", `${ip} ${email}`);
  } catch (error) {
    // next-auth hands the message of an error to the page as `error`.
    if (error instanceof AppError) throw new Error(`rateLimited:${error.details.seconds ?? 60}`);
    throw error;
  }
  const user = await db().user.findUnique({ where: { email } });
  if (!(await verifyPassword(user?.passwordHash, parsed.data.password)) || !user) return null;
  await forgive("signIn", `${ip} ${email}`);
  const userAgent = typeof headers?.["user-agent"] === "string" ? headers["user-agent"] : "";
  const sessionId = await openSession(db(), user.id, { userAgent, ip });
  return { id: user.id, sessionId };
}

/**
 * next-auth with the JWT strategy (its credentials provider knows no other). The token carries the session's id;
 * `currentSession` checks the row each time, so that a revoked session is no session at once.
 */
export function authOptions(): NextAuthOptions {
  return {
    secret: env().PARSIMONY_SECRET ?? secrets(env().home).auth,
    session: { strategy: "jwt", maxAge: sessionDays * 86_400 },
    pages: { signIn: "/signin", error: "/signin" },
    providers: [
      Credentials({
        credentials: { email: { type: "email" }, password: { type: "password" } },
        authorize: (input, request) => authorize(input, request.headers),
      }),
    ],
    callbacks: {
      jwt({ token, user }) {
        if (user && "sessionId" in user) token.sessionId = user.sessionId;
        return token;
      },
      /**
       * Hands on the session's ID only; `currentSession` looks its row up. A look-up here that fails because the
       * database is away would be taken for "not signed in", and the cookie would be cleared.
       */
      session({ session, token }) {
        const sessionId = typeof token.sessionId === "string" ? token.sessionId : undefined;
        return { expires: session.expires, ...(sessionId && { parsimony: { sessionId } }) };
      },
    },
    events: {
      async signOut({ token }) {
        if (typeof token?.sessionId === "string") await endSession(db(), token.sessionId);
      },
    },
  };
}
