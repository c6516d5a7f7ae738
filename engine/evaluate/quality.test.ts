import { describe, expect, it } from "vitest";
import { z } from "zod";
import { loadDataset } from "./dataset/dataset.ts";
import { parseManifest } from "./dataset/manifest.ts";
import { experimentMeasurements } from "./experiment.ts";
import { measurementSchema } from "./measurement.schema.ts";
import { classRecallSchema, disagreementSchema } from "./quality.schema.ts";
import { assessQuality } from "./quality.ts";
import { sizeMeasurements } from "./size.ts";
import type { ItemOutputs } from "./tensors/item-outputs.ts";

const conditions = { engineVersion: "test" };

function dataset(task: string, csv: string, label: object = { from: "y" }) {
  const manifest = parseManifest(
    JSON.stringify({ name: "t", task, splits: { test: "t.csv" }, inputs: [{ to: 0, from: "x" }], label }),
  );
  return loadDataset(manifest, () => new TextEncoder().encode(csv));
}

const outputs = (width: number, values: number[]): ItemOutputs => ({
  items: values.length / width,
  itemDims: [width],
  values: Float32Array.from(values),
});

function assess(data: ReturnType<typeof dataset>, candidate: ItemOutputs, baseline?: ItemOutputs) {
  const report = assessQuality({
    dataset: data,
    split: "test",
    rows: data.splits.test,
    candidate,
    baseline,
    conditions,
    seed: 1,
  });
  const byName = new Map(
    report.measurements.map((measurement) => [measurement.name, measurementSchema.parse(measurement)]),
  );
  return { ...report, byName };
}

describe("classification", () => {
  const data = dataset("classification", "x,y\n1,0\n2,1\n3,1\n4,0\n");
  const good = outputs(2, [2, 0, 0, 2, 0, 2, 2, 0]);
  const worse = outputs(2, [2, 0, 2, 0, 0, 2, 0, 2]);

  it("compares with the baseline and shows the items that changed", () => {
    const { byName, perClass, disagreements } = assess(data, worse, good);
    const top1 = byName.get("quality/top1")!;
    expect(top1).toMatchObject({ value: 0.5, n: 4, split: "test", tier: "metered", unit: "fraction" });
    expect(top1.baselineDelta).toMatchObject({ value: -0.5, percent: -50 });
    expect(byName.get("quality/loss")!.baselineDelta!.value).toBeCloseTo(1, 9);
    expect(
      disagreements.map(({ row, change, label, baseline, candidate }) => [
        row,
        change,
        label,
        baseline,
        candidate,
      ]),
    ).toEqual([
      [1, "lost", 1, 1, 0],
      [3, "lost", 0, 0, 1],
    ]);
    expect(perClass.map(({ recall }) => recall.value)).toEqual([0.5, 0.5]);
    const stored = JSON.parse(JSON.stringify({ perClass, disagreements }));
    expect(z.array(classRecallSchema).parse(stored.perClass)).toHaveLength(2);
    expect(z.array(disagreementSchema).parse(stored.disagreements)).toHaveLength(2);
  });

  it("decides once, on the baseline, whether scores are probabilities", () => {
    const sure = outputs(2, [0.9, 0.1, 0.1, 0.9, 0.1, 0.9, 0.9, 0.1]);
    // A quantised softmax whose rows no longer sum to 1 would count as logits by itself.
    const rounded = outputs(2, [0.8, 0.1, 0.1, 0.8, 0.1, 0.8, 0.8, 0.1]);
    const loss = assess(data, rounded, sure).byName.get("quality/loss")!;
    expect(loss.value).toBeCloseTo(-Math.log(Math.fround(0.8)), 9);
    expect(loss.method).toContain("probabilities");
    expect(assess(data, rounded).byName.get("quality/loss")!.method).toContain("logits");
  });

  it("refuses outputs that do not fit", () => {
    expect(() => assess(data, outputs(2, [1, 0]))).toThrow("1 outputs for 4 items");
    expect(() =>
      assess(dataset("classification", "x,y\n1,0\n2,4\n"), outputs(3, [1, 0, 0, 1, 0, 0])),
    ).toThrow("5 classes, the model scores 3");
    const unlabelled = loadDataset(
      parseManifest(
        '{"name":"u","task":"classification","splits":{"test":"t"},"inputs":[{"to":0,"from":"x"}]}',
      ),
      () => new TextEncoder().encode("x\n1\n"),
    );
    expect(() => assess(unlabelled, outputs(2, [1, 0]))).toThrow("has no label");
  });
});

describe("regression", () => {
  const data = dataset("regression", "x,y\n1,10\n2,20\n3,30\n");

  it("has RMSE and MAE with paired differences", () => {
    const { byName } = assess(data, outputs(1, [11, 22, 33]), outputs(1, [10, 20, 30]));
    expect(byName.get("quality/rmse")!.value).toBeCloseTo(Math.sqrt(14 / 3), 9);
    expect(byName.get("quality/mae")!.value).toBeCloseTo(2, 9);
    expect(byName.get("quality/mae")!.baselineDelta).toMatchObject({ percent: null });
  });

  it("leaves out a value that is not finite, and refuses several outputs per item", () => {
    expect(assess(data, outputs(1, [Number.NaN, 20, 30])).byName.size).toBe(0);
    expect(() => assess(data, outputs(2, [1, 2, 3, 4, 5, 6]))).toThrow(
      "one value per item; this output has 2",
    );
  });
});

describe("ranking", () => {
  it("adds NDCG over the lists of the group column", () => {
    const csv = "x,u,y\n1,a,5\n2,a,1\n3,b,1\n4,b,4\n5,c,2\n";
    const data = dataset("ranking", csv, { from: "y", group: "u" });
    const { byName } = assess(data, outputs(1, [5, 1, 4, 1, 2]));
    const ndcg = byName.get("quality/ndcg10")!;
    // List a is in order, b reversed: gains 1 and 15 in places 1 and 2; c has no order to find.
    const reversed = (1 + 15 / Math.log2(3)) / (15 + 1 / Math.log2(3));
    expect(ndcg.value).toBeCloseTo((1 + reversed) / 2, 9);
    expect(ndcg.n).toBe(2);
    expect(byName.has("quality/rmse")).toBe(true);
  });
});

describe("sizes and the experiment itself", () => {
  it("are exact differences", () => {
    const sizes = sizeMeasurements(
      { bytes: 500, gzipBytes: 300, encodedBytes: 200, parameters: 100, sparsity: 0.5 },
      conditions,
      { bytes: 1000, gzipBytes: 900, encodedBytes: 800, parameters: 100, sparsity: 0 },
    ).map((measurement) => measurementSchema.parse(measurement));
    expect(sizes.map(({ name, baselineDelta }) => [name, baselineDelta?.percent])).toEqual([
      ["size/file", -50],
      ["size/gzip", (100 * -600) / 900],
      ["size/encoded", -75],
      ["size/parameters", 0],
      ["size/sparsity", null],
    ]);
  });

  it("have their tier each", () => {
    const usage = { cpuSeconds: 3.6, wallSeconds: 5, memoryBytes: 1e9 };
    const list = experimentMeasurements(usage, "unknown", conditions).map((value) =>
      measurementSchema.parse(value),
    );
    expect(list.map(({ tier }) => tier)).toEqual(["metered", "metered", "modelled"]);
    expect(list[2]!.value * 3.6e6).toBeCloseTo(3.6 * 4 + 5 * 0.3725, 9);
  });
});
