import type { z } from "zod";
import type { PointSeries, pointsInput } from "#contracts/run.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import type { Db, Tx } from "#server/db/client.ts";
import { requireRun } from "../service.ts";
import * as repo from "./repo.ts";

const lowest = -2_147_483_648;
const highest = 2_147_483_647;

/** The points of a series, or where there are more than asked for the extremes of as many buckets as fit. */
export async function downsampled(
  tx: Tx,
  runId: string,
  input: Omit<z.output<typeof pointsInput>, "runId">,
): Promise<PointSeries> {
  const range = await repo.extent(tx, runId, input.name, input.from ?? lowest, input.to ?? highest);
  if (!range) return { steps: [], values: [], downsampled: false };
  const isWhole = range.count <= input.points;
  const found = isWhole
    ? await repo.all(tx, runId, input.name, range.first, range.last)
    : await repo.extremes(tx, runId, input.name, range, Math.max(1, Math.floor(input.points / 2)));
  return {
    steps: found.map(({ step }) => step),
    values: found.map(({ value }) => value),
    downsampled: !isWhole,
  };
}

export async function points(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof pointsInput>,
): Promise<PointSeries> {
  await requireRun(db, scope, input.runId);
  return downsampled(db, input.runId, input);
}
