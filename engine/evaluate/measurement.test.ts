import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "./canonical-json.ts";
import { hasPerformanceConditions, performanceKey, preprocessingOf, qualityKey } from "./comparability.ts";
import { parseManifest } from "./dataset/manifest.ts";
import { counted, measured } from "./measurement/build.ts";
import { measurementNames } from "./measurement/names.ts";
import { measurementSchema } from "./measurement.schema.ts";

const sha256 = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const conditions = { engineVersion: "0.1.0" };

describe("canonicalJson", () => {
  it("does not depend on the order of keys", () => {
    expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[1,{"d":1}]}');
    expect(canonicalJson({ a: null, b: [1, { d: 1 }] })).toBe('{"a":null,"b":[1,{"d":1}]}');
    expect(() => canonicalJson({ a: Number.NaN })).toThrow("NaN");
  });
});

describe("measurements", () => {
  const circumstances = {
    split: "test",
    tier: "metered",
    method: "m",
    scope: "process",
    conditions,
  } as const;

  it("built from estimates satisfy the schema", () => {
    const interval = { low: 0.8, high: 0.95, level: 0.95, method: "Wilson score" };
    const measurement = measured("quality/top1", { value: 0.9, interval, n: 100 }, circumstances, {
      value: 0.8,
      difference: { value: 0.1, interval },
    });
    expect(measurementSchema.parse(measurement)).toEqual(measurement);
    expect(measurement?.baselineDelta?.percent).toBeCloseTo(12.5, 12);
    expect(measured("quality/loss", { value: 1, interval: undefined, n: 1 }, circumstances)?.interval).toBe(
      "n=1",
    );
    expect(
      measured("quality/rmse", { value: Number.POSITIVE_INFINITY, interval, n: 2 }, circumstances),
    ).toBeUndefined();
  });

  it("of sizes are exact", () => {
    const measurement = counted("size/file", 750, { method: "bytes of the file", conditions }, 1000);
    expect(measurementSchema.parse(measurement)).toEqual(measurement);
    expect(measurement.baselineDelta).toMatchObject({ value: -250, percent: -25, interval: "exact" });
  });

  it("have a unit and a direction each", () => {
    for (const [name, { unit, better }] of Object.entries(measurementNames)) {
      expect(unit, name).not.toBe("");
      expect(["higher", "lower"]).toContain(better);
    }
  });
});

describe("comparability", () => {
  const performance = {
    cpuModel: "X",
    cpuFeatures: ["avx2", "fma"],
    threads: 1,
    batch: 1,
    inputShapes: { input: [1, 784] },
    runtime: "onnxruntime-node",
    runtimeVersion: "1.30.0",
    engineVersion: "0.1.0",
    protocol: "standard-1",
  };

  it("of performance depends on every condition but names and order", () => {
    const key = performanceKey(performance, sha256);
    expect(performanceKey({ ...performance, cpuFeatures: ["fma", "avx2"] }, sha256)).toBe(key);
    expect(performanceKey({ ...performance, inputShapes: { x: [1, 784] } }, sha256)).toBe(key);
    const changes = [
      { cpuModel: "Y" },
      { cpuFeatures: ["fma"] },
      { threads: 2 },
      { batch: 2 },
      { protocol: "quick-1" },
    ];
    const more = [
      { inputShapes: { input: [1, 10] } },
      { runtime: "tfjs" },
      { runtimeVersion: "2" },
      { engineVersion: "2" },
    ];
    for (const change of [...changes, ...more]) {
      expect(performanceKey({ ...performance, ...change }, sha256), JSON.stringify(change)).not.toBe(key);
    }
    expect(hasPerformanceConditions(performance)).toBe(true);
    expect(hasPerformanceConditions(conditions)).toBe(false);
  });

  it("of quality depends on data and preprocessing, not on input names", () => {
    const manifest = (input: object) =>
      parseManifest(
        JSON.stringify({
          name: "a",
          task: "regression",
          splits: { test: "t.csv" },
          inputs: [{ to: 0, from: "x", ...input }],
        }),
      );
    const key = (input: object, dataset = "d") =>
      qualityKey(
        { task: "regression", dataset, split: "test", preprocessing: preprocessingOf(manifest(input)) },
        sha256,
      );
    expect(key({ to: "other" })).toBe(key({}));
    expect(key({ scale: 2 })).not.toBe(key({}));
    expect(key({}, "e")).not.toBe(key({}));
  });
});
