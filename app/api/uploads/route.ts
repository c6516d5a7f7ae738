export const dynamic = "force-dynamic";

export { handleUpload as POST } from "#server/entry/upload.ts";
