import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import { hasPerformanceConditions, performanceKey } from "../evaluate/comparability.ts";
import { loadDataset, rowsOf } from "../evaluate/dataset/dataset.ts";
import { sampleFeeds } from "../evaluate/dataset/feeds.ts";
import { parseManifest } from "../evaluate/dataset/manifest.ts";
import { measurementSchema } from "../evaluate/measurement.schema.ts";
import { openFolder } from "./dataset-files.ts";
import { evaluateQuality } from "./evaluate-quality.ts";
import { sha256Hex } from "./hash.ts";
import { type LatencyProtocol, quickProtocol } from "./latency-protocol.ts";
import { measurePerformance } from "./measure-performance.ts";
import { loadSession } from "./session.ts";

const models = sharedData("data/onnx/mnist");
const mnist = sharedData("data/datasets/mnist");
const short: LatencyProtocol = { ...quickProtocol, name: "test", minSeconds: 0.3, minQueries: 20 };

describe.skipIf(!models || !mnist)("a real model against a real baseline", () => {
  const manifest = parseManifest(`
    name: mnist
    task: classification
    splits:
      test: {images: t10k-images-idx3-ubyte.gz, labels: t10k-labels-idx1-ubyte.gz}
    inputs:
      - {to: 0, from: images, shape: [28, 28, 1], dtype: float32, scale: 0.00392156862745098}
    label: {from: labels}`);

  it("gives every performance measurement with comparable conditions", async () => {
    const dataset = loadDataset(manifest, openFolder(mnist!));
    const rows = rowsOf(dataset, "test");
    const stages = new Set<string>();
    const report = await measurePerformance({
      candidate: join(models!, "mnist2x10.onnx"),
      baseline: join(models!, "cnn_max_mninst2.onnx"),
      feeds: async (session, batch) => sampleFeeds(dataset, session.signature, rows, 16, batch),
      protocol: short,
      engineVersion: "test",
      price: { perCpuHour: 0.05, currency: "EUR" },
      seed: 1,
      label: "test",
      onProgress: (stage) => stages.add(stage),
    });
    const measurements = report.measurements.map((measurement) => measurementSchema.parse(measurement));
    expect(measurements.map(({ name }) => name).sort()).toEqual([
      "cost/per-million",
      "cpu/seconds-per-1000",
      "energy/per-1000",
      "latency/p50",
      "latency/p95",
      "memory/peak",
      "throughput",
    ]);
    for (const { name, conditions, baselineDelta, tier } of measurements) {
      expect(hasPerformanceConditions(conditions) && performanceKey(conditions, sha256Hex)).toMatch(
        /^[0-9a-f]{64}$/,
      );
      expect(baselineDelta, name).toBeDefined();
      if (name === "energy/per-1000")
        expect(tier).toBe(report.meterReason === undefined ? "metered" : "modelled");
    }
    expect([...stages]).toEqual(["memory", "latency", "throughput"]);
    // A network of 20 hidden units is faster than a convolutional one on any machine.
    const p50 = measurements.find(({ name }) => name === "latency/p50")!;
    expect(p50.baselineDelta!.value).toBeLessThan(0);
    const throughput = measurements.find(({ name }) => name === "throughput")!;
    expect(throughput.conditions.batch).toBe(32);
    expect(throughput.baselineDelta!.value).toBeGreaterThan(0);
  }, 60_000);

  it("evaluates quality of both in one call", async () => {
    const dataset = loadDataset(manifest, openFolder(mnist!));
    const session = await loadSession(join(models!, "cnn_max_mninst2.onnx"));
    const shares: number[] = [];
    const report = await evaluateQuality({
      candidate: session,
      baseline: session,
      dataset,
      split: "test",
      conditions: { engineVersion: "test" },
      seed: 1,
      onProgress: (share) => shares.push(share),
    });
    const [top1, loss] = report.measurements.map((measurement) => measurementSchema.parse(measurement));
    expect(top1!.baselineDelta!.value).toBe(0);
    expect(loss!.name).toBe("quality/loss");
    expect(loss!.baselineDelta!.interval).toMatchObject({ low: 0, high: 0 });
    expect(report.disagreements).toEqual([]);
    expect(shares.at(-1)).toBe(1);
  }, 60_000);
});
