import NextAuth from "next-auth";
import { authOptions } from "#server/auth/options.ts";

interface RouteContext {
  readonly params: Promise<{ nextauth: string[] }>;
}

/** next-auth's own requests: sign-in, sign-out, CSRF token. Options are read per request, never at build time. */
export async function handleAuth(request: Request, context: RouteContext): Promise<Response> {
  return NextAuth(authOptions())(request, context);
}
