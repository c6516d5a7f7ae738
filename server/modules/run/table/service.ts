import { parseMetricId } from "#contracts/measurement.ts";
import type { RunRow, RunTable, RunTableInput } from "#contracts/run.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { requireExperiment } from "#server/modules/experiment/service.ts";
import { type DerivationSettings, storedFor } from "#server/modules/measurement/derive.ts";
import { settingsOf, valuesOf } from "#server/modules/measurement/service.ts";
import * as runs from "../repo.ts";
import { toRow } from "../rows.ts";
import { type Cursor, decodeCursor, encodeCursor } from "./cursor.ts";
import * as repo from "./repo.ts";

/** A metric as it is stored: carbon and cost are multiples of stored quantities, so they sort and filter as these. */
function stored(id: string, settings: DerivationSettings) {
  const { name, split } = parseMetricId(id);
  return { ...storedFor(name, settings), split };
}

function conditionsOf(
  scope: OrganisationScope,
  projectId: string,
  input: RunTableInput,
  settings: DerivationSettings,
): repo.Conditions {
  const bounds = input.filter.bounds.map(({ metric, min, max }) => {
    const { name, split, factor } = stored(metric, settings);
    const by = factor === 0 ? 1 : factor;
    return {
      name,
      split,
      min: min === undefined ? undefined : min / by,
      max: max === undefined ? undefined : max / by,
    };
  });
  const { organisationId } = scope;
  return { ...input.filter, bounds, organisationId, projectId, experimentId: input.experimentId };
}

const isOwn = (by: string): by is repo.OwnColumn => by === "number" || by === "recipe" || by === "state";

interface PageOfIds {
  readonly ids: readonly string[];
  readonly next: Cursor | undefined;
}

function cut(found: readonly repo.Sorted[], limit: number): PageOfIds {
  const page = found.slice(0, limit);
  const last = page.at(-1);
  return {
    ids: page.map((run) => run.id),
    next: found.length > limit && last ? { value: last.value, id: last.id } : undefined,
  };
}

/** First those that have the metric, in its order, then those that lack it. */
async function metricPage(
  tx: Tx,
  of: repo.Conditions,
  metric: { name: string; split: string },
  input: RunTableInput,
  cursor: Cursor | undefined,
): Promise<PageOfIds> {
  const { limit, sort } = input;
  const inRest = cursor !== undefined && "rest" in cursor;
  const ids: string[] = [];
  if (!inRest) {
    const after =
      cursor && typeof cursor.value === "number" ? { value: cursor.value, id: cursor.id } : undefined;
    const page = cut(await repo.byMetric(tx, of, metric, sort.descending, after, limit + 1), limit);
    if (page.next) return page;
    ids.push(...page.ids);
  }
  const room = limit - ids.length;
  const rest = await repo.lackingMetric(tx, of, metric, inRest ? cursor.rest : 0, room + 1);
  const taken = rest.slice(0, room);
  const more = rest.length > room;
  return {
    ids: [...ids, ...taken.map((run) => run.id)],
    next: more ? { rest: taken.at(-1)?.number ?? (inRest ? cursor.rest : 0) } : undefined,
  };
}

function ownPage(
  tx: Tx,
  of: repo.Conditions,
  column: repo.OwnColumn,
  input: RunTableInput,
  cursor: Cursor | undefined,
): Promise<PageOfIds> {
  const after = cursor && "value" in cursor ? cursor : undefined;
  return repo
    .byColumn(tx, of, column, input.sort.descending, after, input.limit + 1)
    .then((found) => cut(found, input.limit));
}

/** Rows with the chosen cells, in the order of the IDs; an ID of another organisation is left out. */
export async function rowsOf(
  tx: Tx,
  organisationId: string,
  ids: readonly string[],
  columns: readonly string[],
): Promise<RunRow[]> {
  const [found, values] = await Promise.all([
    runs.findMany(tx, organisationId, ids),
    valuesOf(tx, organisationId, ids, columns),
  ]);
  const byId = new Map(found.map((run) => [run.id, run]));
  return ids.flatMap((id) => {
    const run = byId.get(id);
    return run ? [toRow(run, values.get(id) ?? {})] : [];
  });
}

/** A page of an experiment's runs, filtered and sorted in the database. */
export async function table(db: Db, scope: OrganisationScope, input: RunTableInput): Promise<RunTable> {
  const cursor = decodeCursor(input.cursor);
  const [{ projectId }, settings] = await Promise.all([
    requireExperiment(db, scope, input.experimentId),
    settingsOf(db, scope.organisationId),
  ]);
  const of = conditionsOf(scope, projectId, input, settings);
  const { by } = input.sort;
  const [page, total] = await Promise.all([
    isOwn(by) ? ownPage(db, of, by, input, cursor) : metricPage(db, of, stored(by, settings), input, cursor),
    repo.count(db, of),
  ]);
  const rows = await rowsOf(db, scope.organisationId, page.ids, input.columns);
  return { rows, nextCursor: page.next ? encodeCursor(page.next) : null, total };
}
