import { AppError } from "#contracts/errors.ts";
import type { LineageEdge, ModelLineage, ModelVersionRow } from "#contracts/model.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Db } from "#server/db/client.ts";
import { toMeasurementRow } from "#server/modules/measurement/columns.ts";
import { requireProject } from "#server/modules/project/service.ts";
import * as lineageRepo from "./lineage.repo.ts";
import * as repo from "./repo.ts";
import { toVersionRow } from "./service.ts";

type FoundRun = Awaited<ReturnType<typeof lineageRepo.runs>>[number];

/** The model's versions with, on each step from parent to child, the run, its recipe and what it changed. */
export async function lineage(
  db: Db,
  scope: OrganisationScope,
  projectSlug: string,
  slug: string,
): Promise<ModelLineage> {
  const project = await requireProject(db, scope, projectSlug);
  const model = await repo.findBySlug(db, scope, project.id, slug);
  if (!model) throw new AppError("notFound");
  const versions = model.versions.map(toVersionRow);
  const byId = new Map(versions.map((version) => [version.id, version]));
  const children = versions.filter((version) => version.parentVersionId !== null);
  const runs = await lineageRepo.runs(
    db,
    scope,
    children.flatMap((version) => version.runId ?? []),
  );
  const edges = children.flatMap((child) => {
    const parent = byId.get(child.parentVersionId ?? "");
    return parent
      ? edge(
          parent,
          child,
          runs.find((run) => run.id === child.runId),
        )
      : [];
  });
  return { versions, edges };
}

function edge(parent: ModelVersionRow, child: ModelVersionRow, run: FoundRun | undefined): LineageEdge {
  return {
    parentVersionId: parent.id,
    versionId: child.id,
    recipeName: run?.recipeName ?? "",
    run: run
      ? {
          id: run.id,
          number: run.number,
          experimentId: run.experimentId,
          experimentNumber: run.experiment.number,
        }
      : null,
    teacher: run?.teacher ? { ...run.teacher.model, number: run.teacher.number } : null,
    bytesChange: child.bytes - parent.bytes,
    changes: (run?.measurements ?? []).map((row) => {
      const { name, split, value, unit, interval, n, tier, method, baselineDelta } = toMeasurementRow(row);
      return { name, split, value, unit, interval, n, tier, method, baselineDelta };
    }),
  };
}
