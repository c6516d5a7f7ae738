import { handleDatasetDownload } from "#server/entry/download.ts";

export const dynamic = "force-dynamic";

export async function GET(request: Request, { params }: { params: Promise<{ versionId: string }> }) {
  return handleDatasetDownload(request, (await params).versionId);
}
