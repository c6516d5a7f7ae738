import type { RunFilter } from "#contracts/run.ts";
import { Prisma } from "#prisma/generated/client.ts";
import type { Tx } from "#server/db/client.ts";

/** A filter whose bounds are in stored quantities. */
export interface Conditions extends Omit<RunFilter, "bounds"> {
  readonly organisationId: string;
  readonly projectId: string;
  readonly experimentId: string;
  readonly bounds: readonly {
    name: string;
    split: string;
    min: number | undefined;
    max: number | undefined;
  }[];
}

export interface Sorted {
  readonly id: string;
  readonly value: number | string;
}

/** Escapes what LIKE gives a meaning. */
const pattern = (text: string) => `%${text.replaceAll(/[\\%_]/g, "\\$&")}%`;

function conditions(of: Conditions): Prisma.Sql {
  const parts = [
    Prisma.sql`r."experimentId" = ${of.experimentId}::uuid`,
    Prisma.sql`r."organisationId" = ${of.organisationId}::uuid`,
  ];
  if (of.states.length > 0) parts.push(Prisma.sql`r."state"::text in (${Prisma.join([...of.states])})`);
  if (of.recipes.length > 0) parts.push(Prisma.sql`r."recipeName" in (${Prisma.join([...of.recipes])})`);
  if (of.text !== "") {
    const number = /^#?\d{1,9}$/.test(of.text) ? Number(of.text.replace("#", "")) : -1;
    parts.push(Prisma.sql`(r."recipeName" ilike ${pattern(of.text)} or r."number" = ${number})`);
  }
  for (const { name, split, min, max } of of.bounds) {
    const low = min === undefined ? Prisma.empty : Prisma.sql`and b."value" >= ${min}`;
    const high = max === undefined ? Prisma.empty : Prisma.sql`and b."value" <= ${max}`;
    parts.push(Prisma.sql`exists (select 1 from "measurement" b
      where b."runId" = r."id" and b."name" = ${name} and b."split" = ${split} ${low} ${high})`);
  }
  return Prisma.join(parts, " and ");
}

export async function count(tx: Tx, of: Conditions): Promise<number> {
  const [row] = await tx.$queryRaw<
    { n: number }[]
  >`select count(*)::int as "n" from "run" r where ${conditions(of)}`;
  return row?.n ?? 0;
}

const direction = (descending: boolean) => (descending ? Prisma.sql`desc` : Prisma.sql`asc`);
const beyond = (descending: boolean) => (descending ? Prisma.sql`<` : Prisma.sql`>`);

/** Runs that have the metric, in its order, along the index over (project, name, value). */
export function byMetric(
  tx: Tx,
  of: Conditions,
  metric: { name: string; split: string },
  descending: boolean,
  after: { value: number; id: string } | undefined,
  limit: number,
): Promise<Sorted[]> {
  const [way, next] = [direction(descending), beyond(descending)];
  const from = after
    ? Prisma.sql`and (m."value", m."runId") ${next} (${after.value}, ${after.id}::uuid)`
    : Prisma.empty;
  return tx.$queryRaw<Sorted[]>`
    select m."runId" as "id", m."value" from "measurement" m join "run" r on r."id" = m."runId"
    where m."projectId" = ${of.projectId}::uuid and m."name" = ${metric.name} and m."split" = ${metric.split}
      and ${conditions(of)} ${from}
    order by m."value" ${way}, m."runId" ${way} limit ${limit}`;
}

/** Runs that lack the metric, by number: they come last whichever way the table is sorted. */
export function lackingMetric(
  tx: Tx,
  of: Conditions,
  metric: { name: string; split: string },
  afterNumber: number,
  limit: number,
): Promise<{ id: string; number: number }[]> {
  return tx.$queryRaw<{ id: string; number: number }[]>`
    select r."id", r."number" from "run" r
    where ${conditions(of)} and r."number" > ${afterNumber} and not exists (select 1 from "measurement" m
      where m."runId" = r."id" and m."name" = ${metric.name} and m."split" = ${metric.split})
    order by r."number" limit ${limit}`;
}

const columns = {
  number: Prisma.sql`r."number"`,
  recipe: Prisma.sql`r."recipeName"`,
  state: Prisma.sql`r."state"::text`,
} as const;

export type OwnColumn = keyof typeof columns;

export function byColumn(
  tx: Tx,
  of: Conditions,
  column: OwnColumn,
  descending: boolean,
  after: { value: number | string; id: string } | undefined,
  limit: number,
): Promise<Sorted[]> {
  const by = columns[column];
  const [way, next] = [direction(descending), beyond(descending)];
  const from = after
    ? Prisma.sql`and (${by}, r."id") ${next} (${after.value}, ${after.id}::uuid)`
    : Prisma.empty;
  return tx.$queryRaw<Sorted[]>`
    select r."id", ${by} as "value" from "run" r where ${conditions(of)} ${from}
    order by ${by} ${way}, r."id" ${way} limit ${limit}`;
}
