import type { z } from "zod";
import type { compareInput, examplesInput, RunComparison, RunExamplesPage } from "#contracts/run.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Db } from "#server/db/client.ts";
import { detailOf, requireRun } from "../service.ts";
import { comparePredictions, selectItems } from "./compare.ts";
import * as repo from "./repo.ts";

/** Disagreeing items listed for each run of a comparison. */
const listed = 60;

/** Items of the run's split with its prediction and the baseline's. */
export async function examples(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof examplesInput>,
): Promise<RunExamplesPage> {
  const run = await requireRun(db, scope, input.runId);
  const baselineId = run.experiment.runs[0]?.id;
  const found = await repo.predictions(db, [run.id, ...(baselineId ? [baselineId] : [])]);
  const own = found.get(run.id);
  if (!own) return { split: "", items: 0, matching: 0, rows: [] };
  const { positions, other } = selectItems(own, baselineId ? found.get(baselineId) : undefined, input.show);
  const rows = positions.slice(input.offset, input.offset + input.limit).map((at) => ({
    item: own.items[at] ?? -1,
    label: own.labels[at] ?? -1,
    prediction: own.predictions[at] ?? -1,
    other: other?.[at] ?? null,
  }));
  return { split: own.split, items: own.items.length, matching: positions.length, rows };
}

/** Runs side by side, each against the first. */
export async function compare(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof compareInput>,
): Promise<RunComparison> {
  const ids = [...new Set(input.runIds)];
  const runs = await Promise.all(
    ids.map(async (id) => detailOf(db, scope.organisationId, await requireRun(db, scope, id))),
  );
  const predictions = await repo.predictions(db, ids);
  const [first] = ids;
  return {
    runs: runs.map((run) => ({
      ...run,
      comparison:
        run.id === first || first === undefined
          ? null
          : { runId: run.id, ...comparePredictions(predictions.get(first), predictions.get(run.id), listed) },
    })),
  };
}
