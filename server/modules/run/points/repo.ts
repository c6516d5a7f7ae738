import type { Tx } from "#server/db/client.ts";

export interface Extent {
  readonly first: number;
  readonly last: number;
  readonly count: number;
}

export async function extent(
  tx: Tx,
  runId: string,
  name: string,
  from: number,
  to: number,
): Promise<Extent | undefined> {
  const [row] = await tx.$queryRaw<{ first: number | null; last: number | null; count: number }[]>`
    select min("step") as "first", max("step") as "last", count(*)::int as "count" from "metric_point"
    where "runId" = ${runId}::uuid and "name" = ${name} and "step" between ${from} and ${to}`;
  return row && row.first !== null && row.last !== null
    ? { first: row.first, last: row.last, count: row.count }
    : undefined;
}

export function all(tx: Tx, runId: string, name: string, from: number, to: number) {
  return tx.metricPoint.findMany({
    where: { runId, name, step: { gte: from, lte: to } },
    select: { step: true, value: true },
    orderBy: { step: "asc" },
  });
}

/** Of each bucket of steps its smallest and its largest value, where they stand: peaks are never averaged away. */
export function extremes(tx: Tx, runId: string, name: string, range: Extent, buckets: number) {
  return tx.$queryRaw<{ step: number; value: number }[]>`
    with "bucketed" as (
      select "step", "value", width_bucket("step", ${range.first}, ${range.last + 1}, ${buckets}) as "bucket" from "metric_point"
      where "runId" = ${runId}::uuid and "name" = ${name} and "step" between ${range.first} and ${range.last}
    ), "picked" as (
      (select distinct on ("bucket") "step", "value" from "bucketed" order by "bucket", "value", "step")
      union
      (select distinct on ("bucket") "step", "value" from "bucketed" order by "bucket", "value" desc, "step")
    ) select "step", "value" from "picked" order by "step"`;
}

/** Points that came after `after`, of one series. */
export function since(tx: Tx, runId: string, name: string, after: number, take: number) {
  return tx.metricPoint.findMany({
    where: { runId, name, step: { gt: after } },
    select: { step: true, value: true },
    orderBy: { step: "asc" },
    take,
  });
}
