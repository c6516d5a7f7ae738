import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { PointBuffer } from "./point-buffer.ts";

describe("points that wait", () => {
  it("come out once each, the last value of a step, in portions of the size asked for", () => {
    const point = fc.tuple(
      fc.constantFrom("a", "b"),
      fc.nat(40),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    fc.assert(
      fc.property(fc.array(point, { maxLength: 200 }), fc.integer({ min: 1, max: 30 }), (given, most) => {
        const buffer = new PointBuffer();
        const expected = new Map<string, number>();
        for (const [name, step, value] of given) {
          buffer.add(name, [step], [value]);
          expected.set(`${name}${step}`, value);
        }
        expect(buffer.size).toBe(expected.size);
        const got = new Map<string, number>();
        while (buffer.size > 0) {
          const taken = buffer.take(most);
          expect(taken.reduce((sum, { steps }) => sum + steps.length, 0)).toBeLessThanOrEqual(most);
          for (const { name, steps, values } of taken) {
            for (const [index, step] of steps.entries()) {
              expect(got.has(`${name}${step}`)).toBe(false);
              got.set(`${name}${step}`, values[index] ?? Number.NaN);
            }
          }
        }
        expect(got).toEqual(expected);
      }),
    );
  });

  it("leave out what is not a number", () => {
    const buffer = new PointBuffer();
    buffer.add("a", [1, 2, 3], [Number.NaN, Number.POSITIVE_INFINITY, 5]);
    expect(buffer.take(10)).toEqual([{ name: "a", steps: [3], values: [5] }]);
  });

  it("are bounded: where there are too many, every second one goes, evenly", () => {
    const buffer = new PointBuffer();
    for (let from = 0; from < 1_000_000; from += 10_000) {
      const steps = Array.from({ length: 10_000 }, (_, index) => from + index);
      buffer.add("a", steps, steps);
    }
    expect(buffer.size).toBeLessThanOrEqual(400_000);
    expect(buffer.size).toBeGreaterThan(190_000);
    const steps = buffer.take(1_000_000)[0]?.steps ?? [];
    expect(steps.at(-1)).toBeGreaterThan(990_000);
  });
});
