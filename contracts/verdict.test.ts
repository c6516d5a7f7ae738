import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunRow, RunValue } from "./run.ts";
import { lossOf, type VerdictRun, verdictOf } from "./verdict.ts";

const question = { quality: "quality/top1@test", size: "size/file", speed: "latency/p50", budget: 0.01 };

function exact(value: number, unit = "B"): RunValue {
  return {
    value,
    unit,
    interval: "exact",
    n: 1,
    tier: "metered",
    method: "count",
    baselineDelta: null,
    qualityKey: null,
    performanceKey: null,
  };
}

function compared(value: number, delta: number, half: number, key = "k"): RunValue {
  const bounds = { level: 0.95, method: "test" };
  return {
    ...exact(value, "fraction"),
    interval: { low: value - half, high: value + half, ...bounds },
    baselineDelta: {
      value: delta,
      percent: null,
      interval: { low: delta - half, high: delta + half, ...bounds },
      method: "paired",
    },
    qualityKey: key,
  };
}

const own = (value: number, half = 0.002): RunValue => ({ ...compared(value, 0, half), baselineDelta: null });

function run(number: number, values: RunRow["values"], rest: Partial<VerdictRun> = {}): VerdictRun {
  return {
    id: `run-${number}`,
    number,
    recipeName: `recipe-${number}`,
    isBaseline: number === 1,
    state: "succeeded",
    problem: null,
    values,
    ...rest,
  };
}

const baseline = run(1, {
  "quality/top1@test": own(0.98),
  "size/file": exact(1_000_000),
  "size/sparsity": exact(0.01, "fraction"),
  "latency/p50": own(0.04),
});

describe("verdictOf", () => {
  it("names the smallest variant within the budget, with its change and interval", () => {
    const int8 = run(2, { "quality/top1@test": compared(0.978, -0.002, 0.004), "size/file": exact(260_000) });
    const tiny = run(3, { "quality/top1@test": compared(0.9, -0.08, 0.004), "size/file": exact(50_000) });
    const { kind, smallest, within, compared: count } = verdictOf([baseline, int8, tiny], question);
    expect(kind).toBe("found");
    expect(smallest?.run.id).toBe("run-2");
    expect(smallest?.cost?.percent).toBeCloseTo(-74);
    expect(smallest?.ratio).toBeCloseTo(1 / 0.26);
    expect(smallest?.quality).toMatchObject({ value: -0.002, finding: "none" });
    expect(smallest?.surelyWithin).toBe(true);
    expect([within, count]).toEqual([1, 2]);
  });

  it("says where the interval leaves a greater loss than the budget possible", () => {
    const unsure = run(2, {
      "quality/top1@test": compared(0.972, -0.008, 0.006),
      "size/file": exact(500_000),
    });
    expect(verdictOf([baseline, unsure], question).smallest?.surelyWithin).toBe(false);
  });

  it("calls a variant faster only where the interval excludes zero", () => {
    const quality = compared(0.98, 0, 0.003);
    const faster = (delta: number, half: number) =>
      run(2, {
        "quality/top1@test": quality,
        "latency/p50": { ...compared(0.04 + delta, delta, half), qualityKey: "k" },
      });
    expect(verdictOf([baseline, faster(-0.02, 0.001)], question).fastest?.ratio).toBeCloseTo(2);
    expect(verdictOf([baseline, faster(-0.001, 0.004)], question).fastest).toBeNull();
  });

  it("never ranks values of other conditions or tiers", () => {
    const elsewhere = run(2, {
      "quality/top1@test": compared(0.98, 0, 0.002),
      "latency/p50": { ...compared(0.01, -0.03, 0.001), performanceKey: "other" },
    });
    const modelled = run(3, {
      "quality/top1@test": compared(0.98, 0, 0.002),
      "latency/p50": { ...compared(0.01, -0.03, 0.001), tier: "modelled" },
    });
    const verdict = verdictOf([baseline, elsewhere, modelled], question);
    expect(verdict.fastest).toBeNull();
    expect(verdict.notes).toEqual([{ kind: "notComparable", runs: [elsewhere, modelled] }]);
    const otherSplit = run(4, {
      "quality/top1@test": compared(0.99, 0.01, 0.001, "other"),
      "size/file": exact(1),
    });
    expect(verdictOf([baseline, otherSplit], question).kind).toBe("nothing");
  });

  it("names the closest where none is within the budget", () => {
    const far = run(2, { "quality/top1@test": compared(0.9, -0.08, 0.004), "size/file": exact(100) });
    const near = run(3, { "quality/top1@test": compared(0.96, -0.02, 0.004), "size/file": exact(500) });
    const verdict = verdictOf([baseline, far, near], question);
    expect(verdict).toMatchObject({ kind: "none", smallest: null, within: 0 });
    expect(verdict.closest?.run.id).toBe("run-3");
  });

  it("warns of zeros alone, which neither shrink the file nor speed it up", () => {
    const values = { "quality/top1@test": compared(0.98, 0, 0.002), "size/sparsity": exact(0.5, "fraction") };
    const pruned = run(2, { ...values, "size/file": exact(1_000_000) });
    const packed = run(3, { ...values, "size/file": exact(500_000) });
    expect(verdictOf([baseline, pruned, packed], question).notes).toEqual([
      { kind: "zerosAlone", runs: [pruned] },
    ]);
    expect(verdictOf([baseline, pruned], question).smallest).toBeNull();
  });

  it("names what did not apply and what failed", () => {
    const problem = { code: "notApplicable", message: "The network has convolutions only" };
    const without = run(2, {}, { state: "not_applicable", problem });
    const failed = run(3, {}, { state: "failed" });
    const { kind, notes } = verdictOf([baseline, without, failed], question);
    expect(kind).toBe("nothing");
    expect(notes).toEqual([
      { kind: "notApplicable", run: without },
      { kind: "failed", runs: [failed] },
    ]);
  });

  it("has nothing to say of the baseline alone, and waits for what runs", () => {
    expect(verdictOf([baseline], question)).toMatchObject({ kind: "nothing", lacks: "variants" });
    expect(verdictOf([], question)).toMatchObject({ kind: "nothing", lacks: "baseline" });
    const failed = run(1, {}, { state: "failed" });
    expect(verdictOf([failed, run(2, {})], question)).toMatchObject({ kind: "nothing", lacks: "baseline" });
    expect(verdictOf([baseline, run(2, {}, { state: "failed" })], question).lacks).toBe("results");
    expect(verdictOf([run(1, {}, { state: "running" })], question).kind).toBe("waiting");
    expect(verdictOf([baseline, run(2, {}, { state: "running" })], question).kind).toBe("waiting");
    expect(verdictOf([baseline, run(2, {})], { ...question, quality: null }).kind).toBe("nothing");
  });

  it("measures fidelity against the original itself, without a baseline value", () => {
    const agreement = { ...own(0.995, 0.003), qualityKey: null };
    const half = run(2, { "fidelity/argmax-agreement": agreement, "size/file": exact(500_000) });
    const { smallest } = verdictOf([baseline, half], { ...question, quality: "fidelity/argmax-agreement" });
    expect(smallest?.quality.value).toBeCloseTo(-0.005);
    expect(smallest?.quality.finding).toBe("worse");
  });

  it.each([
    ["fidelity/cosine", 0.9995, -0.0005, 0.98],
    ["fidelity/relative-error", 0.0005, 0.0005, 0.02],
  ])("takes the budget of %s as an amount of its own", (quality, near, loss, far) => {
    const of = (value: number) => ({ ...own(value, 0.0001), unit: "1", qualityKey: null });
    const half = run(2, { [quality]: of(near), "size/file": exact(500_000) });
    const quarter = run(3, { [quality]: of(far), "size/file": exact(250_000) });
    const verdict = verdictOf([baseline, half, quarter], { ...question, quality });
    expect(verdict).toMatchObject({ kind: "found", within: 1, compared: 2 });
    expect(verdict.smallest).toMatchObject({ run: { number: 2 }, surelyWithin: true });
    expect(verdict.smallest?.quality).toMatchObject({ finding: "worse" });
    expect(verdict.smallest?.quality.value).toBeCloseTo(loss, 12);
  });

  it("takes the budget as a share of the baseline where the metric is no fraction", () => {
    const change = {
      value: 0.02,
      percent: 2,
      low: 0.01,
      high: 0.03,
      level: 0.95,
      finding: "worse" as const,
      base: 2,
    };
    expect(lossOf("quality/rmse@test", change, { ...exact(2, "label unit") })).toBeCloseTo(0.01);
    expect(lossOf("quality/top1@test", { ...change, value: -0.02 }, own(0.98))).toBeCloseTo(0.02);
  });

  it("picks only variants within the budget, and no smaller one is left out", () => {
    const variants = fc.array(
      fc.record({
        delta: fc.double({ min: -0.05, max: 0.05, noNaN: true }),
        bytes: fc.integer({ min: 1, max: 2_000_000 }),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(variants, (list) => {
        const runs = list.map(({ delta, bytes }, index) =>
          run(index + 2, {
            "quality/top1@test": compared(0.98 + delta, delta, 0.003),
            "size/file": exact(bytes),
          }),
        );
        const { smallest } = verdictOf([baseline, ...runs], question);
        const sizes = list
          .filter(({ delta, bytes }) => delta >= -0.01 && bytes < 1_000_000)
          .map(({ bytes }) => bytes);
        expect(smallest?.run.values["size/file"]?.value).toBe(
          sizes.length > 0 ? Math.min(...sizes) : undefined,
        );
      }),
    );
  });
});
