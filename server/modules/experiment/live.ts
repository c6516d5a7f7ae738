import type { ExperimentLive } from "#contracts/experiment.ts";
import { guardedWakeUps, type StreamContext } from "#server/modules/run/live/guard.ts";
import { activeIds } from "#server/modules/run/service.ts";
import { rowsOf } from "#server/modules/run/table/service.ts";
import { counts, requireExperiment } from "./service.ts";

/** Rows in one message; more than that and the reader had better read its page of the table again. */
const maxRows = 200;

/**
 * Runs of an experiment that changed, as they stand now. Changes that come close together are sent as one; the first
 * message holds the runs under way, and `refresh` asks the reader to read its table where changes may have been missed.
 */
export async function* experimentLive(
  context: StreamContext,
  experimentId: string,
  columns: readonly string[],
): AsyncGenerator<ExperimentLive> {
  const { db, hub, scope } = context;
  await requireExperiment(db, scope, experimentId);
  let changed = new Set(await activeIds(db, scope, experimentId, maxRows));
  let refresh = true;
  // Before the wake-ups begin, so that no change falls between.
  const unsubscribe = hub.subscribe((message) => {
    if (message.kind === "reconnected") refresh = true;
    else if (message.kind === "run" && message.experimentId === experimentId) changed.add(message.runId);
  });
  try {
    const wanted = (message: { kind: string }) => message.kind === "run" && changed.size > 0;
    for await (const _ of guardedWakeUps(context, wanted)) {
      const ids = [...changed];
      const mustRefresh = refresh || ids.length > maxRows;
      changed = new Set();
      refresh = false;
      const [runs, now] = await Promise.all([
        rowsOf(db, scope.organisationId, ids.slice(0, maxRows), columns),
        counts(db, scope, experimentId),
      ]);
      yield { refresh: mustRefresh, runs, counts: now };
    }
  } finally {
    unsubscribe();
  }
}
