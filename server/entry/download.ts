import { z } from "zod";
import { AppError } from "#contracts/errors.ts";
import { slug } from "#contracts/slug.ts";
import { currentSession } from "#server/auth/current.ts";
import { organisationScope } from "#server/auth/gate.ts";
import type { Session } from "#server/auth/session.ts";
import { db } from "#server/db/client.ts";
import * as dataset from "#server/modules/dataset/service.ts";
import * as model from "#server/modules/model/service.ts";
import { answering, parsed } from "./answer.ts";
import { serveFile } from "./serve-file.ts";

const modelTarget = z.object({
  versionId: z.uuid(),
  org: slug,
  /** One of the files that the version was converted from. */
  source: z.string().min(1).max(500).optional(),
});
const datasetTarget = z.object({ versionId: z.uuid(), org: slug, file: z.string().min(1).max(255) });

const query = (request: Request) => Object.fromEntries(new URL(request.url).searchParams);

/** `GET …/<versionId>?org=…[&source=…]`: the file of a model version, or one that it was converted from. */
export async function handleModelDownload(request: Request, versionId: string): Promise<Response> {
  return answering(async () => sendModel(await currentSession(), request, versionId));
}

/** `GET …/<versionId>?org=…&file=…`: one file of a dataset version. */
export async function handleDatasetDownload(request: Request, versionId: string): Promise<Response> {
  return answering(async () => sendDatasetFile(await currentSession(), request, versionId));
}

export async function sendModel(
  session: Session | undefined,
  request: Request,
  versionId: string,
): Promise<Response> {
  const target = parsed(modelTarget, { ...query(request), versionId });
  const scope = await organisationScope(db(), session, target.org, "model.download");
  const { versionId: id, source } = target;
  const file =
    source === undefined
      ? await model.requireReadyVersion(db(), scope, id)
      : await model.requireSource(db(), scope, id, source);
  return serveFile(request, file);
}

export async function sendDatasetFile(
  session: Session | undefined,
  request: Request,
  versionId: string,
): Promise<Response> {
  const target = parsed(datasetTarget, { ...query(request), versionId });
  const scope = await organisationScope(db(), session, target.org, "dataset.read");
  const version = await dataset.requireReadyVersion(db(), scope, target.versionId);
  const file = version.files.find((one) => one.name === target.file);
  if (!file) throw new AppError("notFound");
  return serveFile(request, { ...file, fileName: file.name });
}
