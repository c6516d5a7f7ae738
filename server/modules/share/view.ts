import { AppError } from "#contracts/errors.ts";
import type { ShareScope } from "#contracts/scope.ts";
import type { SharedRun, SharedView } from "#contracts/share.ts";
import type { Db } from "#server/db/client.ts";
import { measurementsOf } from "#server/modules/measurement/service.ts";
import { reportOf } from "#server/modules/run/rows.ts";
import * as repo from "./repo.ts";

/** Exactly what the grant covers: names and values of its run or runs, and no ID that leads anywhere else. */
export async function view(db: Db, scope: ShareScope): Promise<SharedView> {
  const rows = await repo.sharedRuns(db, scope);
  const first = rows[0];
  if (!first) throw new AppError("linkInvalid");
  const ids = rows.map((row) => row.id);
  const [measured, outputs, names] = await Promise.all([
    measurementsOf(db, scope.ownerOrganisationId, ids),
    repo.outputs(db, scope, ids),
    repo.organisationNames(db, [scope.ownerOrganisationId]),
  ]);
  const runs = rows.map((row): SharedRun => {
    const { number, recipeName, isBaseline, state, endedAt, report } = row;
    const bytes = scope.canDownload ? outputs.get(row.id)?.bytes : undefined;
    return {
      number,
      recipeName,
      isBaseline,
      state,
      endedAt,
      report: reportOf(report),
      measurements: measured.get(row.id) ?? [],
      downloadBytes: bytes === undefined ? null : Number(bytes),
    };
  });
  const { question, modelVersion, datasetVersion } = first.experiment;
  return {
    grantId: scope.grantId,
    subject: scope.subject,
    from: names.get(scope.ownerOrganisationId) ?? "",
    question,
    model: `${modelVersion.model.name} · v${modelVersion.number}`,
    dataset: datasetVersion && `${datasetVersion.dataset.name} · v${datasetVersion.number}`,
    expiresAt: scope.expiresAt,
    canDownload: scope.canDownload,
    runs,
  };
}

/** The file of a shared run, where the grant allows downloads. */
export async function download(
  db: Db,
  scope: ShareScope,
  number: number,
): Promise<{ sha256: string; bytes: number; fileName: string }> {
  if (!scope.canDownload) throw new AppError("forbidden", { action: "share.download" });
  const run = (await repo.sharedRuns(db, scope)).find((row) => row.number === number);
  const output = run && (await repo.outputs(db, scope, [run.id])).get(run.id);
  if (!output) throw new AppError("notFound");
  return { sha256: output.sha256, bytes: Number(output.bytes), fileName: output.fileName };
}
