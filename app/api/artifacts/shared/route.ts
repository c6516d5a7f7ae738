import { handleSharedDownload } from "#server/entry/download-shared.ts";

export function GET(request: Request): Promise<Response> {
  return handleSharedDownload(request);
}
