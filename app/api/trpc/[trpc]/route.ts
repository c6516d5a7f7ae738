import { handleApi } from "#server/entry/api.ts";

export const dynamic = "force-dynamic";

export { handleApi as GET, handleApi as POST };
