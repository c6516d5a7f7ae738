import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saidInLine } from "#contracts/run.ts";
import { testDatabase } from "#server/testing/database.ts";
import { type Bench, openBench } from "./testing/bench.ts";
import { bytesOf, convolutionModel, denseModel } from "./testing/models.ts";
import { startWorkerProcess, type WorkerProcess } from "./testing/process.ts";

const database = testDatabase();
const gentlePruning = { name: "a tenth", steps: [{ use: "prune.magnitude" as const, sparsity: 0.1 }] };
let bench: Bench;
let worker: WorkerProcess;

beforeAll(async () => {
  bench = await openBench(database);
  worker = await startWorkerProcess({ url: database.url, home: bench.home });
});
afterAll(async () => {
  expect(await worker.end()).toBe(0);
  bench.close();
});

describe("an experiment from upload to result", () => {
  let model: string;
  let dataset: string;

  it("inspects the model and reads the dataset", async () => {
    [model, dataset] = await Promise.all([bench.addModel(bytesOf(denseModel())), bench.addDataset()]);
    expect(await bench.checked("model", model)).toBe("ready");
    expect(await bench.checked("dataset", dataset)).toBe("ready");
    const version = await database.db.modelVersion.findUniqueOrThrow({ where: { id: model } });
    expect(Number(version.parameters)).toBe(16 * 64 + 64 + 64 * 4);
  });

  it("executes the baseline and the recipes, and registers what they made", {
    timeout: 240_000,
  }, async () => {
    const { id, runIds } = await bench.launch({
      model,
      dataset,
      recipes: ["int8-dynamic", "prune-magnitude"],
    });
    for (const runId of runIds) {
      const state = await bench.ended(runId);
      expect(state, `${JSON.stringify(await bench.run(runId))}\n${worker.said()}`).toBe("succeeded");
    }
    const api = bench.person.api;
    const columns = [
      "quality/top1@test",
      "size/file",
      "latency/p50",
      "energy/per-1000",
      "carbon/per-1000",
      "cost/per-million",
      "memory/peak",
    ];
    const table = await api.experiment.runs({
      org: bench.org.slug,
      experimentId: id,
      columns,
      sort: { by: "size/file" },
    });
    expect(table.total).toBe(3);
    expect(table.rows[0]?.recipeName).toBe("int8-dynamic");
    for (const row of table.rows)
      expect(Object.keys(row.values).sort(), row.recipeName).toEqual([...columns].sort());
    const [baseline, quantised] = await Promise.all(
      runIds.slice(0, 2).map((runId) => api.run.get({ org: bench.org.slug, runId })),
    );
    expect(baseline?.isBaseline).toBe(true);
    expect(baseline?.outputVersionId).toBeNull();
    expect(baseline?.overlapUnknown).toBe(true);
    const top1 = quantised?.measurements.find((one) => one.name === "quality/top1");
    expect(top1?.n).toBe(200);
    expect(top1?.qualityKey).toMatch(/^[0-9a-f]{64}$/);
    expect(top1?.baselineDelta?.interval).toMatchObject({ level: 0.95 });
    expect(top1?.detail?.perClass).toHaveLength(4);
    const size = quantised?.measurements.find((one) => one.name === "size/file");
    expect(size?.interval).toBe("exact");
    expect(size?.baselineDelta?.percent).toBeLessThan(-40);
    const [gzip, encoded] = ["size/gzip", "size/encoded"].map((name) =>
      quantised?.measurements.find((one) => one.name === name),
    );
    expect(encoded).toMatchObject({ interval: "exact", unit: "B", baselineDelta: { interval: "exact" } });
    expect(encoded?.value).toBeLessThan((gzip?.value ?? 0) * 1.02);
    const carbon = quantised?.measurements.find((one) => one.name === "carbon/per-1000");
    expect(carbon).toMatchObject({
      tier: "modelled",
      derivedFrom: { metric: "energy/per-1000", year: 2019 },
    });
    const output = await database.db.modelVersion.findUniqueOrThrow({
      where: { id: quantised?.outputVersionId ?? "" },
    });
    expect(output).toMatchObject({ state: "ready", parentVersionId: model });
    // Which of the runs ends first is not ours to say.
    expect(output.number).toBeGreaterThan(1);
    expect(Number(output.bytes)).toBe(size?.value);
    const compared = await api.run.compare({ org: bench.org.slug, runIds: runIds.slice(0, 2) });
    const comparison = compared.runs[1]?.comparison;
    expect(comparison).toMatchObject({ comparable: true, items: 200 });
    const [gained = 0, lost = 0] = [comparison?.gained, comparison?.lost];
    expect((gained - lost) / 200).toBeCloseTo(top1?.baselineDelta?.value ?? Number.NaN, 10);
  });

  it("numbers the log without gaps", async () => {
    const runs = await database.db.run.findMany({ select: { id: true, lastSeq: true } });
    for (const run of runs) {
      const events = await database.db.runEvent.findMany({
        where: { runId: run.id },
        orderBy: { seq: "asc" },
      });
      expect(events.map((event) => event.seq)).toEqual(
        Array.from({ length: run.lastSeq }, (_, index) => index + 1),
      );
    }
  });
});

it("says that a recipe can do nothing, with the reason, and compares by fidelity where there is no dataset", {
  timeout: 240_000,
}, async () => {
  const model = await bench.addModel(bytesOf(convolutionModel()));
  expect(await bench.checked("model", model)).toBe("ready");
  const { runIds } = await bench.launch({ model, dataset: null, recipes: ["int8-dynamic", gentlePruning] });
  const [, quantised = "", pruned = ""] = runIds;
  expect(await bench.ended(quantised)).toBe("not_applicable");
  const { problem } = await bench.run(quantised);
  expect(problem?.code).toBe("notApplicable");
  expect(problem?.message).toMatch(/not applicable, because .*/);
  // The same as a remark, for readers of other languages: the reasons, and why each node stays.
  expect(problem?.remark).toMatchObject({
    key: "compress.notApplicable",
    params: { reasons: [{ key: "quantize-dynamic.convSlower" }] },
  });
  const none = await bench.person.api.run.get({ org: bench.org.slug, runId: quantised });
  expect(none.report?.warnings[0]).toEqual(problem?.remark);
  expect(none.report?.steps[0]?.skipped[0]?.reason).toMatchObject({ key: "quantize-dynamic.convSlower" });
  const lines = await bench.person.api.run.log({ org: bench.org.slug, runId: quantised });
  expect(lines.map((line) => saidInLine(line))).toContainEqual(problem?.remark);
  expect(await bench.ended(pruned), worker.said()).toBe("succeeded");
  const detail = await bench.person.api.run.get({ org: bench.org.slug, runId: pruned });
  const cosine = detail.measurements.find((one) => one.name === "fidelity/cosine");
  expect(cosine?.value).toBeGreaterThan(0.99);
  expect(detail.measurements.some((one) => one.name.startsWith("quality/"))).toBe(false);
  expect(await database.db.modelVersion.count({ where: { runId: quantised } })).toBe(0);
});

it("refuses what is not a model, and leaves nothing behind", async () => {
  const before = await database.db.modelVersion.count();
  const version = await bench.addModel(new TextEncoder().encode("This is a shopping list, not a model."));
  expect(await bench.checked("model", version)).toMatchObject({ code: "not-a-model" });
  expect(await database.db.modelVersion.count()).toBe(before);
});
