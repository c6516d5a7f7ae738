import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededFeeds } from "../evaluate/fidelity/seeded-inputs.ts";
import { measurementSchema } from "../evaluate/measurement.schema.ts";
import { latencyQuantile } from "../evaluate/performance/estimates.ts";
import {
  cpuMeasurement,
  latencyMeasurements,
  throughputMeasurement,
} from "../evaluate/performance/report.ts";
import { makeNode } from "../onnx/attributes.ts";
import { encodeModel, joinChunks } from "../onnx/encode.ts";
import { makeTensor } from "../onnx/make.ts";
import type { Model } from "../onnx/model.ts";
import { type LatencySubject, measureLatency } from "./latency.ts";
import { type LatencyProtocol, quickProtocol, standardProtocol } from "./latency-protocol.ts";
import { measurePeakMemory } from "./memory.ts";
import { optimizedModel } from "./optimized-model.ts";
import { loadSession, type ModelSession } from "./session.ts";

const folder = mkdtempSync(join(tmpdir(), "latency-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** x [N, size] times a square matrix, `depth` times. */
function chain(size: number, depth: number): Model {
  const shape = { dim: [{ dimParam: "N" }, { dimValue: size }] };
  const value = (name: string) => ({ name, type: { tensorType: { elemType: 1, shape } } });
  return {
    irVersion: 8,
    opsetImport: [{ domain: "", version: 17 }],
    graph: {
      name: "chain",
      node: Array.from({ length: depth }, (_, index) =>
        makeNode(
          "MatMul",
          [index === 0 ? "x" : `h${index}`, "w"],
          [index === depth - 1 ? "y" : `h${index + 1}`],
        ),
      ),
      initializer: [makeTensor("w", "float32", [size, size], new Float32Array(size * size).fill(1 / size))],
      input: [value("x")],
      output: [value("y")],
      valueInfo: [],
    },
  };
}

async function save(name: string, model: Model): Promise<string> {
  const path = join(folder, name);
  writeFileSync(path, joinChunks(encodeModel(model)));
  return path;
}

const short: LatencyProtocol = {
  name: "test",
  warmupQueries: 10,
  warmupSeconds: 0.02,
  blockSeconds: 0.02,
  minQueries: 100,
  minSeconds: 0.4,
  maxSeconds: 5,
};

describe("measureLatency", () => {
  let light: ModelSession;
  let heavy: ModelSession;

  beforeAll(async () => {
    light = await loadSession(await save("light.onnx", chain(64, 2)));
    heavy = await loadSession(await save("heavy.onnx", chain(256, 8)));
  });
  afterAll(() => Promise.all([light.release(), heavy.release()]));

  const subject = (session: ModelSession): LatencySubject => ({
    sessions: [session],
    feeds: seededFeeds(session.signature, { items: 4, seed: 1 }).map(({ feeds }) => feeds),
    itemsPerQuery: 1,
  });

  it("finds the lighter of two models faster, on time and in CPU", async () => {
    const shares: number[] = [];
    const { candidate, baseline } = await measureLatency({
      candidate: subject(light),
      baseline: subject(heavy),
      protocol: short,
      onProgress: (share) => shares.push(share),
    });
    expect(latencyQuantile(candidate, "p50").value).toBeLessThan(latencyQuantile(baseline!, "p50").value);
    expect(candidate.samples.length).toBeGreaterThanOrEqual(100);
    expect(shares.at(-1)).toBe(1);
    expect(shares).toEqual(shares.toSorted((one, other) => one - other));
    const conditions = { engineVersion: "test" };
    const pair = { candidate, baseline: baseline! };
    const all = [
      ...latencyMeasurements(pair, conditions),
      ...throughputMeasurement(pair, conditions, 1),
      ...cpuMeasurement(pair, conditions, 1),
    ].map((measurement) => measurementSchema.parse(measurement));
    expect(all.map(({ name }) => name)).toEqual([
      "latency/p50",
      "latency/p95",
      "throughput",
      "cpu/seconds-per-1000",
    ]);
    const delta = all[0]!.baselineDelta!;
    expect(typeof delta.interval === "object" && delta.interval.high).toBeLessThan(0);
    expect(all[3]!.baselineDelta!.value).toBeLessThan(0);
  });

  it("finds no difference between a model and itself, over several loads of both", async () => {
    const loads = () => Promise.all(Array.from({ length: 3 }, () => loadSession(join(folder, "heavy.onnx"))));
    const { candidate, baseline } = await measureLatency({
      candidate: { ...subject(heavy), sessions: await loads() },
      baseline: { ...subject(heavy), sessions: await loads() },
      protocol: { ...short, minSeconds: 1 },
    });
    const [p50] = latencyMeasurements({ candidate, baseline: baseline! }, { engineVersion: "test" });
    expect(Math.abs(p50!.baselineDelta!.percent!)).toBeLessThan(50);
  });

  it("uses one thread that does not spin", async () => {
    const { candidate } = await measureLatency({ candidate: subject(heavy), protocol: short });
    const wall = candidate.blocks.reduce((sum, block) => sum + block.wallSeconds, 0);
    const cpu = candidate.blocks.reduce((sum, block) => sum + block.cpuSeconds, 0);
    expect(cpu / wall).toBeLessThan(1.5);
  });

  it("stops when asked to, and needs inputs", async () => {
    const signal = AbortSignal.abort(new Error("cancelled"));
    await expect(measureLatency({ candidate: subject(light), protocol: short, signal })).rejects.toThrow(
      "cancelled",
    );
    const none = { ...subject(light), feeds: [] };
    await expect(measureLatency({ candidate: none, protocol: short })).rejects.toThrow("no inputs");
  });

  it("has protocols that warm up enough", () => {
    for (const protocol of [quickProtocol, standardProtocol])
      expect(protocol.warmupQueries).toBeGreaterThanOrEqual(10);
    expect(standardProtocol).toMatchObject({ minQueries: 1024, minSeconds: 60 });
  });
});

describe("loadSession", () => {
  it("says why ONNX Runtime refuses, without the path", async () => {
    const path = join(folder, "broken.onnx");
    writeFileSync(path, "no model");
    await expect(loadSession(path)).rejects.toThrow(/ONNX Runtime does not load the model/);
    await expect(loadSession(path)).rejects.not.toThrow(folder);
    const session = await loadSession(await save("small.onnx", chain(4, 1)));
    const wrong = { x: { dtype: "float32" as const, dims: [1, 5], data: new Float32Array(5) } };
    await expect(session.run(wrong)).rejects.toThrow(/fails to run the model.*(expected|Expected|dim)/i);
    await session.release();
  });
});

describe("optimizedModel", () => {
  it("is the graph after fusion", async () => {
    const model = chain(4, 1);
    model.graph.node.push(makeNode("Identity", ["y"], ["z"]));
    model.graph.output[0]!.name = "z";
    const bytes = await optimizedModel(await save("identity.onnx", model));
    expect(Buffer.from(bytes).includes("MatMul")).toBe(true);
    expect(Buffer.from(bytes).includes("Identity")).toBe(false);
  });
});

describe("measurePeakMemory", () => {
  it("grows with the model", async () => {
    const small = await measurePeakMemory(await save("little.onnx", chain(16, 1)), { repetitions: 1 });
    const large = await measurePeakMemory(await save("large.onnx", chain(2048, 1)), { repetitions: 1 });
    // 2048² float32 weights are 16 MiB, and are held at least once.
    expect(large[0]!.peakBytes - small[0]!.peakBytes).toBeGreaterThan(14 << 20);
    expect(small[0]!.peakBytes).toBeGreaterThan(small[0]!.emptyBytes);
  });

  it("ends with the process that asked for it", async () => {
    const modelPath = await save("endless.onnx", chain(256, 8));
    const task = JSON.stringify({ modelPath, queries: 1e9, seed: 1, bounds: [] });
    const probe = spawn(process.execPath, [join(import.meta.dirname, "memory-probe.ts"), task]);
    probe.stdin.end();
    const [code] = await once(probe, "exit");
    expect(code).toBe(1);
  });

  it("survives a model that does not load", async () => {
    const path = join(folder, "broken2.onnx");
    writeFileSync(path, "no model");
    await expect(measurePeakMemory(path)).rejects.toThrow(
      /process that measures memory failed: .*does not load/,
    );
  });
});
