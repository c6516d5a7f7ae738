import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import type { ItemOutputs } from "../tensors/item-outputs.ts";
import { assessFidelity, type FidelityInput } from "./report.ts";

const outputs = (itemDims: number[], values: readonly number[]): ItemOutputs => ({
  items: values.length / itemDims.reduce((product, dim) => product * dim, 1),
  itemDims,
  values: Float64Array.from(values),
});

function assess(
  original: Record<string, ItemOutputs>,
  variant: Record<string, ItemOutputs>,
  rest: Partial<FidelityInput> = {},
) {
  return assessFidelity({
    original: new Map(Object.entries(original)),
    variant: new Map(Object.entries(variant)),
    conditions: { engineVersion: "1" },
    inputs: "seeded inputs, seed 1",
    seed: 1,
    ...rest,
  });
}

const names = (report: ReturnType<typeof assess>) => report.measurements.map(({ name }) => name);
const named = (report: ReturnType<typeof assess>, wanted: string) =>
  report.measurements.find(({ name }) => name === wanted)!;

describe("assessFidelity", () => {
  it("raises alarms and never speaks of accuracy", () => {
    const report = assess({ y: outputs([2], [1, 2, 3, 1]) }, { y: outputs([2], [1, 2, 1, 2]) });
    expect(report.alarms.map(english)).toEqual(['output "y" is the same for every input']);
    expect(names(report)).toContain("fidelity/argmax-agreement");
    expect(names(report).every((name) => name.startsWith("fidelity/"))).toBe(true);
  });

  it("measures an output of one value by its error alone", () => {
    const report = assess({ p: outputs([1], [0.1, 0.2, 0.3]) }, { p: outputs([1], [0.1, 0.2, 0.4]) });
    expect(names(report)).toEqual(["fidelity/relative-error", "fidelity/sqnr", "fidelity/max-abs-diff"]);
    const error = named(report, "fidelity/relative-error");
    expect(error.value).toBeCloseTo(Math.sqrt(0.01 / 0.14), 12);
    expect(error).toMatchObject({ n: 3, conditions: { items: 3 }, interval: { level: 0.95 } });
    expect(named(report, "fidelity/sqnr").value).toBeCloseTo(-20 * Math.log10(error.value), 9);
  });

  it("gives a variant without any difference an error of zero, which is a value, where its SQNR is none", () => {
    const same = { p: outputs([1], [0.1, 0.2, 0.3]) };
    const report = assess(same, same);
    expect(names(report)).toEqual(["fidelity/relative-error", "fidelity/max-abs-diff"]);
    expect(named(report, "fidelity/relative-error").value).toBe(0);
  });

  it("measures the output that is named, of several of different widths", () => {
    const original = { label: outputs([1], [1, 0]), scores: outputs([2], [0, 1, 1, 0]) };
    expect(names(assess(original, original))).not.toContain("fidelity/argmax-agreement");
    const report = assess(original, original, { output: "scores" });
    expect(named(report, "fidelity/argmax-agreement")).toMatchObject({ value: 1, n: 2 });
    expect(report.measurements.every(({ method }) => method.includes('"scores"'))).toBe(true);
    expect([...report.perOutput.keys()]).toEqual(["label", "scores"]);
  });

  it("takes items, not their positions, for independent", () => {
    // 20 items of 50 tokens; in ten items the variant is wrong throughout, so that there are 20 observations.
    const right = Array.from({ length: 1_000 }, () => [1, 0]).flat();
    const wrong = right.map((value, index) => (index < 1_000 ? 1 - value : value));
    const report = assess({ logits: outputs([50, 2], right) }, { logits: outputs([50, 2], wrong) });
    const agreement = named(report, "fidelity/argmax-agreement");
    expect(agreement).toMatchObject({ value: 0.5, n: 20 });
    const { interval } = agreement;
    expect(typeof interval === "object" && interval.high - interval.low).toBeGreaterThan(0.35);
  });

  it("never is sure of perfect agreement", () => {
    const same = { logits: outputs([2, 2], [1, 0, 1, 0, 0, 1, 1, 0]) };
    const { interval } = named(assess(same, same), "fidelity/argmax-agreement");
    expect(interval).toMatchObject({ high: 1, method: "Wilson score" });
    expect(typeof interval === "object" && interval.low).toBeLessThan(0.5);
  });
});
