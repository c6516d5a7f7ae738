import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { segmentsOf } from "./segments.ts";

const known = (from: number[], to: number[]) => ({ from, to, known: true });

describe("the runs of axes that a Reshape keeps together", () => {
  it("finds features that become heads, and heads that become features", () => {
    const heads = segmentsOf(["batch", undefined, 64], ["batch", undefined, 4, 16]);
    expect(heads).toEqual([known([0], [0]), known([1], [1]), known([2], [2, 3])]);
    expect(segmentsOf(["b", "s", 4, 16], ["b", "s", 64]).at(-1)).toEqual(known([2, 3], [2]));
  });

  it("leaves together what it cannot tell apart", () => {
    expect(segmentsOf([undefined, undefined, 64], [undefined, 4, undefined, 16])).toEqual([
      { from: [0, 1, 2], to: [0, 1, 2, 3], known: false },
    ]);
    expect(segmentsOf([6, 4], [4, 6])).toEqual([known([0, 1], [0, 1])]);
  });

  it("covers every axis once and keeps sizes, whatever the shapes", () => {
    const shape = fc.array(fc.constantFrom(1, 2, 3, 4, 6, 8), { maxLength: 5 });
    fc.assert(
      fc.property(shape, shape, (from, to) => {
        const segments = segmentsOf(from, to);
        expect(segments.flatMap((segment) => segment.from)).toEqual(from.map((_, at) => at));
        expect(segments.flatMap((segment) => segment.to)).toEqual(to.map((_, at) => at));
        const product = (sizes: readonly number[], axes: readonly number[]) =>
          axes.reduce((result, at) => result * (sizes[at] ?? 0), 1);
        for (const segment of segments) {
          if (
            !segment.known ||
            product(
              from,
              from.map((_, at) => at),
            ) !==
              product(
                to,
                to.map((_, at) => at),
              )
          )
            continue;
          expect(product(from, segment.from)).toBe(product(to, segment.to));
        }
      }),
    );
  });
});
