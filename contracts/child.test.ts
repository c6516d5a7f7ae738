import { describe, expect, it } from "vitest";
import { childMessage, childTask } from "./child.ts";

const accepts = (message: unknown) => childMessage.safeParse(message).success;

/** A remark in a remark in a remark. */
function nested(depth: number): object {
  return { key: "x", params: depth === 0 ? {} : { inner: nested(depth - 1) } };
}

describe("what a worker takes from a child", () => {
  it("is what the protocol names", () => {
    expect(accepts({ kind: "log", level: "info", said: "hello" })).toBe(true);
    const inner = { key: "common.node", params: { op: "Add", name: "n" } };
    const said = { key: "log.alarm", params: { count: 2, names: ["a"], alarm: inner } };
    expect(accepts({ kind: "log", level: "info", said })).toBe(true);
    expect(
      accepts({ kind: "progress", progress: { fraction: 0.5, step: "latency", etaSeconds: null } }),
    ).toBe(true);
    expect(
      accepts({ kind: "points", name: "loss", steps: Int32Array.of(1), values: Float64Array.of(2) }),
    ).toBe(true);
  });

  it.each([
    [{ kind: "surprise" }],
    [{ kind: "log", level: "info", said: "x".repeat(5_000) }],
    [{ kind: "log", level: "info", said: "x", more: 1 }],
    [{ kind: "log", level: "info", said: { key: "x", params: { amount: Number.NaN } } }],
    [{ kind: "log", level: "info", said: nested(6) }],
    [{ kind: "progress", progress: { fraction: 2, step: "x", etaSeconds: null } }],
    [{ kind: "points", name: "loss", steps: Int32Array.of(1, 2), values: Float64Array.of(2) }],
    [{ kind: "points", name: "loss", steps: [1], values: [2] }],
    [{ kind: "points", name: "", steps: Int32Array.of(1), values: Float64Array.of(2) }],
    [
      {
        kind: "examples",
        split: "test",
        items: Int32Array.of(1),
        labels: Int32Array.of(1),
        predictions: new Int32Array(2),
      },
    ],
    [{ kind: "measurements", measurements: [{ name: "made up", value: 1 }] }],
    [{ kind: "ingested", summary: {}, digest: "short" }],
    [null],
  ])("is not %j", (message) => {
    expect(accepts(message)).toBe(false);
  });
});

it("a task states its files and nothing of the database", () => {
  const task = {
    kind: "inspect",
    modelPath: "/store/ab",
    fileName: "m.onnx",
    sources: { "model.json": "/store/ab", "weights.bin": "/store/cd" },
    workFolder: "/tmp/task",
  };
  expect(childTask.safeParse(task).success).toBe(true);
  expect(childTask.safeParse({ ...task, databaseUrl: "postgres://" }).success).toBe(false);
});
