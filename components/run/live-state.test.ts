import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { RunLogLine } from "#contracts/run.ts";
import { appendLines, appendPoints, joinPoints } from "./live-state.ts";

const line = (seq: number): RunLogLine => ({
  seq,
  attempt: 1,
  kind: "log",
  level: "info",
  text: `${seq}`,
  data: null,
  at: new Date(0),
});
const numbers = (lines: readonly RunLogLine[]) => lines.map((one) => one.seq);

describe("appendLines", () => {
  it("has no gap and no repetition, however messages overlap", () => {
    // Each message starts anywhere at or before the next number, as after a break.
    const messages = fc.array(fc.record({ back: fc.nat({ max: 5 }), count: fc.nat({ max: 10 }) }), {
      maxLength: 20,
    });
    fc.assert(
      fc.property(messages, (list) => {
        let lines: readonly RunLogLine[] = [];
        for (const { back, count } of list) {
          const from = Math.max(1, (lines.at(-1)?.seq ?? 0) + 1 - back);
          lines = appendLines(
            lines,
            Array.from({ length: count }, (_, index) => line(from + index)),
          );
        }
        expect(numbers(lines)).toEqual(Array.from({ length: lines.length }, (_, index) => index + 1));
      }),
    );
  });
  it("is the same list where nothing is new", () => {
    const lines = [line(1)];
    expect(appendLines(lines, [line(1)])).toBe(lines);
  });
});

describe("points", () => {
  const at = (step: number, value: number, name = "loss") => ({ name, step, value });
  it("are kept by series", () => {
    const after = appendPoints({}, [at(1, 5), at(1, 9, "other"), at(2, 4)]);
    expect(after.loss).toEqual({ steps: [1, 2], values: [5, 4] });
    expect(after.other).toEqual({ steps: [1], values: [9] });
  });
  it("begin anew with a new attempt", () => {
    const after = appendPoints({ loss: { steps: [1, 2], values: [5, 4] } }, [at(1, 6)]);
    expect(after.loss).toEqual({ steps: [1], values: [6] });
  });
  it("follow what was stored without repeating it", () => {
    const stored = { steps: [1, 2], values: [5, 4], downsampled: false };
    expect(joinPoints(stored, { steps: [2, 3], values: [4, 3] })).toEqual({
      steps: [1, 2, 3],
      values: [5, 4, 3],
    });
    expect(joinPoints(stored, undefined)).toBe(stored);
    expect(joinPoints(undefined, undefined).steps).toEqual([]);
  });
});
