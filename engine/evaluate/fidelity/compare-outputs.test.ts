import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ItemOutputs } from "../tensors/item-outputs.ts";
import { compareOutputs } from "./compare-outputs.ts";

function outputs(itemDims: number[], values: readonly number[]): ItemOutputs {
  const width = itemDims.reduce((product, dim) => product * dim, 1);
  return { items: values.length / width, itemDims, values: Float64Array.from(values) };
}

const finite = fc.double({ noNaN: true, min: -1e6, max: 1e6 });
const rowsOf = (length: number) => fc.array(finite, { minLength: length, maxLength: length });

describe("compareOutputs", () => {
  it("has the values of a calculation by hand", () => {
    const found = compareOutputs(outputs([2], [3, 4, 1, 0]), outputs([2], [4, 3, 1, 0]));
    expect(found.cosine![0]).toBeCloseTo(24 / 25, 12);
    expect(found.cosine![1]).toBe(1);
    expect([...found.agreement!]).toEqual([0, 1]);
    expect(found.sqnr).toBeCloseTo(10 * Math.log10(26 / 2), 12);
    expect(found.relativeError).toBeCloseTo(Math.sqrt(2 / 26), 12);
    expect([...found.signal, ...found.noise]).toEqual([25, 1, 2, 0]);
    expect(found.maxAbsDiff).toBe(1);
  });

  it("has no cosine of single values, which would only be their sign, and an error that tells them apart", () => {
    const wrong = compareOutputs(outputs([1], [0.1, 0.2]), outputs([1], [0.9, 0.8]));
    expect(wrong.cosine).toBeUndefined();
    expect(wrong.agreement).toBeUndefined();
    expect(wrong.relativeError).toBeCloseTo(Math.sqrt((0.64 + 0.36) / 0.05), 12);
  });

  it("measures a scaled output of any width by its error: √(Σ(x − kx)²/Σx²) = |1 − k|", () => {
    const scale = fc.double({ noNaN: true, min: 0.01, max: 5 });
    const value = fc.double({ noNaN: true, min: 0.1, max: 100 });
    fc.assert(
      fc.property(
        fc.array(value, { minLength: 4, maxLength: 4 }),
        scale,
        fc.constantFrom(1, 2, 4),
        (row, k, width) => {
          const found = compareOutputs(
            outputs([width], row),
            outputs(
              [width],
              row.map((one) => k * one),
            ),
          );
          expect(found.relativeError).toBeCloseTo(Math.abs(1 - k), 9);
          // The cosine is blind to this, which is why it never leads alone.
          for (const cosine of found.cosine ?? []) expect(cosine).toBeCloseTo(1, 9);
        },
      ),
    );
  });

  it("agrees per position of a sequence and not over all of it", () => {
    // The largest of all values stands at the second token in both; the first token's class differs.
    const one = [1, 2, 0, 0, 9, 0];
    const other = [2, 1, 0, 0, 9, 0];
    const found = compareOutputs(outputs([2, 3], one), outputs([2, 3], other), "logits");
    expect([...found.agreement!]).toEqual([0.5]);
    expect(found.positions).toBe(2);
  });

  it("gives a sequence the mean of its positions' own comparisons", () => {
    fc.assert(
      fc.property(rowsOf(12), rowsOf(12), (one, other) => {
        const whole = compareOutputs(outputs([4, 3], one), outputs([4, 3], other), "logits").agreement!;
        const single = compareOutputs(outputs([3], one), outputs([3], other), "logits").agreement!;
        expect(whole[0]).toBeCloseTo(single.reduce((sum, share) => sum + share, 0) / 4, 12);
      }),
    );
  });

  it("finds the same in channels first as in channels last", () => {
    // Probabilities of 3 classes at 4 pixels, [pixel][class].
    const softmax = (row: readonly number[]) =>
      [0, 3, 6, 9].flatMap((at) => {
        const powers = row.slice(at, at + 3).map(Math.exp);
        return powers.map((power) => power / powers.reduce((sum, value) => sum + value, 0));
      });
    const first = (row: readonly number[]) =>
      [0, 1, 2].flatMap((c) => [0, 1, 2, 3].map((pixel) => row[pixel * 3 + c]!));
    const row = fc.array(fc.double({ noNaN: true, min: -5, max: 5 }), { minLength: 12, maxLength: 12 });
    fc.assert(
      fc.property(row, row, (a, b) => {
        const [one, other] = [softmax(a), softmax(b)];
        const last = compareOutputs(outputs([2, 2, 3], one), outputs([2, 2, 3], other));
        const channels = compareOutputs(outputs([3, 2, 2], first(one)), outputs([3, 2, 2], first(other)));
        // A column of pixels can sum to 1 by chance, but not here: three classes stand against two pixels.
        expect(channels.agreement).toEqual(last.agreement);
        expect(channels.divergence![0]).toBeCloseTo(last.divergence![0]!, 12);
      }),
    );
  });

  it("measures divergence of probabilities only", () => {
    const { divergence } = compareOutputs(outputs([2], [0.5, 0.5]), outputs([2], [0.25, 0.75]));
    expect(divergence![0]).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 12);
    expect(compareOutputs(outputs([2], [5, 1]), outputs([2], [5, 1])).divergence).toBeUndefined();
  });

  it("finds identical outputs identical", () => {
    fc.assert(
      fc.property(rowsOf(4), (row) => {
        const same = compareOutputs(outputs([2], row), outputs([2], row), "logits");
        const expected = { sqnr: Number.POSITIVE_INFINITY, relativeError: 0, maxAbsDiff: 0, nonFinite: 0 };
        expect(same).toMatchObject({ ...expected, constant: false });
        for (const value of same.cosine!) expect(value).toBeCloseTo(1, 9);
        expect([...same.agreement!]).toEqual([1, 1]);
      }),
    );
  });

  it("notices nonsense", () => {
    const broken = compareOutputs(outputs([2], [1, 2, 3, 4]), outputs([2], [1, Number.NaN, 3, 4]));
    expect(broken.nonFinite).toBe(1);
    expect([...broken.cosine!]).toEqual([0, 1]);
    expect([...broken.agreement!]).toEqual([0, 1]);
    expect(broken.sqnr).toBe(Number.NEGATIVE_INFINITY);
    expect(broken.relativeError).toBe(Number.POSITIVE_INFINITY);
    expect(compareOutputs(outputs([2], [1, 2, 3, 4]), outputs([2], [1, 2, 1, 2])).constant).toBe(true);
    expect(() => compareOutputs(outputs([2], [1, 2]), outputs([1], [1]))).toThrow("differ in shape");
  });
});
