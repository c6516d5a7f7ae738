import type pg from "pg";
import type { Measured } from "#contracts/measurement.ts";
import { toColumns } from "#server/modules/measurement/columns.ts";
import type { Claim, ExampleBatch, LogLine, PointBatch } from "./claim.ts";

type Client = Pick<pg.PoolClient, "query">;

/** Numbers the lines on from `base`, without gaps. */
export async function writeEvents(
  client: Client,
  claim: Pick<Claim, "runId" | "attempt">,
  base: number,
  lines: readonly LogLine[],
): Promise<void> {
  if (lines.length === 0) return;
  const rows = lines.map((line, index) => ({ ...line, seq: base + 1 + index, data: line.data ?? null }));
  await client.query(
    `insert into "run_event" ("runId", "seq", "attempt", "kind", "level", "text", "data", "at")
     select $1, "seq", $2, "kind", "level", "text", "data", "at"
     from jsonb_to_recordset($3::jsonb) as l("seq" int, "kind" text, "level" text, "text" text, "data" jsonb, "at" timestamptz)`,
    [claim.runId, claim.attempt, JSON.stringify(rows)],
  );
}

/** Writes points of one series with one statement, and brings the series' latest value and extent up to date. */
export async function writePoints(
  client: Client,
  claim: Pick<Claim, "runId" | "attempt">,
  { name, steps, values }: PointBatch,
): Promise<void> {
  if (steps.length === 0) return;
  // Only points that are new count, so that a repeated write changes nothing. The usual case, all beyond the last
  // step, needs no look at the points.
  await client.query(
    `with "given" as (select * from unnest($4::int[], $5::float8[]) as p("step", "value")),
     "extent" as (
       select min("value") as "low", max("value") as "high", min("step") as "firstStep", max("step") as "lastStep", count(*) as "all"
       from "given"
     ),
     "present" as (
       select case when "firstStep" > coalesce((select "lastStep" from "metric_series" where "runId" = $1 and "name" = $2), -1)
         and "firstStep" > -1 then 0
         else (select count(*) from "metric_point" m join "given" g on g."step" = m."step" where m."runId" = $1 and m."name" = $2)
         end as "n" from "extent"
     ),
     "written" as (
       insert into "metric_point" ("runId", "name", "step", "attempt", "value")
       select $1, $2, "step", $3, "value" from "given"
       on conflict ("runId", "name", "step") do update set "value" = excluded."value", "attempt" = excluded."attempt"
     )
     insert into "metric_series" ("runId", "name", "attempt", "lastStep", "last", "min", "max", "count")
     select $1, $2, $3, "lastStep", (select "value" from "given" where "step" = "lastStep" limit 1), "low", "high", "all" - "n"
     from "extent", "present"
     on conflict ("runId", "name") do update set
       "attempt" = excluded."attempt",
       "last" = case when excluded."lastStep" >= "metric_series"."lastStep" then excluded."last" else "metric_series"."last" end,
       "lastStep" = greatest("metric_series"."lastStep", excluded."lastStep"),
       "min" = least("metric_series"."min", excluded."min"),
       "max" = greatest("metric_series"."max", excluded."max"),
       "count" = "metric_series"."count" + excluded."count",
       "at" = now()`,
    [claim.runId, name, claim.attempt, steps, values],
  );
}

export async function writeMeasurements(
  client: Client,
  claim: Pick<Claim, "runId" | "attempt" | "organisationId" | "projectId">,
  measurements: readonly Measured[],
): Promise<void> {
  if (measurements.length === 0) return;
  const columns = `"name", "split", "value", "unit", "intervalKind", "low", "high", "level", "intervalMethod", "n", "tier",
    "method", "scope", "conditions", "qualityKey", "performanceKey", "deltaValue", "deltaPercent", "deltaLow", "deltaHigh",
    "deltaMethod", "detail"`;
  await client.query(
    `insert into "measurement" ("runId", "organisationId", "projectId", "attempt", ${columns})
     select $1, $2, $3, $4, ${columns} from jsonb_populate_recordset(null::"measurement", $5::jsonb)
     on conflict ("runId", "name", "split") do update set
       (${columns}) = (select ${columns.replaceAll(/"(\w+)"/g, 'excluded."$1"')}), "attempt" = excluded."attempt", "measuredAt" = now()`,
    [
      claim.runId,
      claim.organisationId,
      claim.projectId,
      claim.attempt,
      JSON.stringify(measurements.map(toColumns)),
    ],
  );
}

/** Typed arrays are stored as they lie in memory, little-endian on every platform that Node supports. */
const bytesOf = (values: Int32Array) => Buffer.from(values.buffer, values.byteOffset, values.byteLength);

export async function writeExamples(
  client: Client,
  claim: Pick<Claim, "runId" | "attempt">,
  { split, items, labels, predictions }: ExampleBatch,
): Promise<void> {
  await client.query(
    `insert into "run_examples" ("runId", "attempt", "split", "items", "labels", "predictions") values ($1, $2, $3, $4, $5, $6)
     on conflict ("runId") do update set "attempt" = excluded."attempt", "split" = excluded."split",
       "items" = excluded."items", "labels" = excluded."labels", "predictions" = excluded."predictions"`,
    [claim.runId, claim.attempt, split, bytesOf(items), bytesOf(labels), bytesOf(predictions)],
  );
}
