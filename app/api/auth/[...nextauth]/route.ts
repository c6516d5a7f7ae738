import { handleAuth } from "#server/entry/auth.ts";

export const dynamic = "force-dynamic";

export { handleAuth as GET, handleAuth as POST };
