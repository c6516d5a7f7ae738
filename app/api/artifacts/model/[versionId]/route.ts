import { handleModelDownload } from "#server/entry/download.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ versionId: string }> }) {
  return handleModelDownload(request, (await params).versionId);
}
