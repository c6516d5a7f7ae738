import { randomBytes } from "node:crypto";
import type { z } from "zod";
import {
  type BenchmarkRow,
  costMetrics,
  type createBenchmarkInput,
  type Leaderboard,
  type submitInput,
} from "#contracts/benchmark.ts";
import { AppError } from "#contracts/errors.ts";
import type { OrganisationScope } from "#contracts/scope.ts";
import { slugOf } from "#contracts/slug.ts";
import { type MeasurementName, measurementNames } from "#engine/evaluate/measurement/names.ts";
import type { Db } from "#server/db/client.ts";
import { deriver, storedFor } from "#server/modules/measurement/derive.ts";
import { settingsOf } from "#server/modules/measurement/service.ts";
import { get as getRun } from "#server/modules/run/service.ts";
import { boardEntries, type Candidate } from "./board.ts";
import * as repo from "./repo.ts";
import { readSnapshot, takeSnapshot } from "./snapshot.ts";

type Found = NonNullable<Awaited<ReturnType<typeof repo.find>>>;

function toRow(found: Found, organisation: string): BenchmarkRow {
  const { slug, name, description, isPublic, createdAt, datasetVersion, _count } = found;
  return {
    slug,
    name,
    description,
    organisation,
    isPublic,
    createdAt,
    task: datasetVersion.task,
    dataset: `${datasetVersion.dataset.name} · v${datasetVersion.number}`,
    entries: Math.max(0, _count.submissions - 1),
  };
}

/** Boards of the scope's organisation and public ones; without a scope the public ones. */
export async function list(db: Db, scope: OrganisationScope | undefined): Promise<BenchmarkRow[]> {
  const found = await repo.list(db, scope);
  const names = await repo.organisationNames(
    db,
    found.map((row) => row.organisationId),
  );
  return found.map((row) => toRow(row, names.get(row.organisationId) ?? ""));
}

function isHigherBetter(metric: string, board: Found): boolean {
  if (metric === board.qualityMetric) return board.higherIsBetter;
  return metric in measurementNames && measurementNames[metric as MeasurementName].better === "higher";
}

export async function get(
  db: Db,
  scope: OrganisationScope | undefined,
  input: { benchmark: string; by?: string },
): Promise<Leaderboard> {
  const found = await repo.find(db, scope, input.benchmark);
  if (!found) throw new AppError("notFound");
  const [rows, settings] = await Promise.all([
    repo.submissions(db, found.id),
    settingsOf(db, found.organisationId),
  ]);
  const names = await repo.organisationNames(db, [
    found.organisationId,
    ...rows.map((row) => row.organisationId),
  ]);
  const by = input.by ?? found.qualityMetric;
  const shown = new Set([by, found.qualityMetric, ...costMetrics]);
  const stored = new Set([...shown].map((name) => storedFor(name, settings).name));
  const derive = deriver(settings);
  const candidates = rows.map(
    (row): Candidate => ({
      id: row.id,
      title: row.title,
      organisation: names.get(row.organisationId) ?? "",
      submittedAt: row.createdAt,
      isBaseline: row.runId === found.baselineRunId,
      isOwn: row.organisationId === scope?.organisationId,
      measured: derive(readSnapshot(row.values, stored)).filter(({ name }) => shown.has(name)),
    }),
  );
  const board = boardEntries(candidates, {
    metric: by,
    split: found.split,
    higherIsBetter: isHigherBetter(by, found),
  });
  const { entries: _, ...row } = toRow(found, names.get(found.organisationId) ?? "");
  const { split, qualityMetric, higherIsBetter } = found;
  return { ...row, split, qualityMetric, higherIsBetter, by, ...board };
}

/** Opens a board. Its keys and tiers are those of the baseline run, which is its first, unranked entry. */
export async function create(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof createBenchmarkInput>,
): Promise<{ slug: string }> {
  const run = await getRun(db, scope, input.baselineRunId);
  const quality = run.measurements.find((row) => row.name === input.qualityMetric && row.split === "test");
  if (run.state !== "succeeded" || !run.isBaseline || !run.datasetVersionId || !quality?.qualityKey) {
    throw new AppError("notComparable", { reason: "baseline" });
  }
  const { datasetVersionId } = run;
  const { qualityKey } = quality;
  const performanceKey = run.measurements.find((row) => row.name === "latency/p50")?.performanceKey ?? null;
  const base = slugOf(input.name, "benchmark");
  for (const slug of [
    base,
    `${base}-${randomBytes(2).toString("hex")}`,
    `${base}-${randomBytes(5).toString("hex")}`,
  ]) {
    const made = await db.$transaction(async (tx) => {
      const benchmark = await repo.insert(tx, scope, {
        slug,
        name: input.name,
        description: input.description,
        datasetVersionId,
        baselineRunId: run.id,
        qualityMetric: input.qualityMetric,
        higherIsBetter: measurementNames[input.qualityMetric as MeasurementName].better === "higher",
        split: "test",
        qualityKey,
        performanceKey,
        isPublic: input.isPublic,
      });
      if (!benchmark) return undefined;
      const entry = {
        benchmarkId: benchmark.id,
        runId: run.id,
        title: run.recipeName,
        qualityKey,
        performanceKey,
      };
      await repo.submit(tx, scope, { ...entry, values: takeSnapshot(run.measurements) });
      return benchmark;
    });
    if (made) return { slug: made.slug };
  }
  throw new AppError("slugTaken");
}

/** Enters a run with its values of now. Refused where it was measured on other data, another split or another way. */
export async function submit(
  db: Db,
  scope: OrganisationScope,
  input: z.output<typeof submitInput>,
): Promise<{ id: string }> {
  const board = await repo.find(db, scope, input.benchmark);
  if (!board) throw new AppError("notFound");
  const run = await getRun(db, scope, input.runId);
  if (run.state !== "succeeded") throw new AppError("notReady");
  const quality = run.measurements.find(
    (row) => row.name === board.qualityMetric && row.split === board.split,
  );
  if (quality?.qualityKey !== board.qualityKey) throw new AppError("notComparable", { reason: "quality" });
  const performanceKey = run.measurements.find((row) => row.name === "latency/p50")?.performanceKey ?? null;
  const made = await repo.submit(db, scope, {
    benchmarkId: board.id,
    runId: run.id,
    title: input.title,
    qualityKey: board.qualityKey,
    performanceKey,
    values: takeSnapshot(run.measurements),
  });
  if (!made) throw new AppError("conflict");
  return made;
}

export async function withdraw(db: Db, scope: OrganisationScope, submissionId: string): Promise<void> {
  if (!(await repo.withdraw(db, scope, submissionId))) throw new AppError("notFound");
}
