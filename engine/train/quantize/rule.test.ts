import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantizeWith } from "#engine/passes/quantization/quantize.ts";
import { sizeOf } from "../autodiff/operand.ts";
import { noise } from "../autodiff/testing/case.ts";
import { type FakeCase, referenceFake, runFake } from "./testing/fake.ts";

const ranges = {
  int8: { least: -128, most: 127 },
  uint8: { least: 0, most: 255 },
  seven: { least: -64, most: 64 },
} as const;

const cases: fc.Arbitrary<FakeCase> = fc
  .record({
    dims: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
    axisShare: fc.option(fc.double({ min: 0, max: 0.99, noNaN: true })),
    range: fc.constantFrom("int8", "uint8", "seven"),
    zero: fc.integer({ min: 0, max: 255 }),
    /** Above 1: some values are clipped. */
    width: fc.double({ min: 0.2, max: 3, noNaN: true }),
    isBatched: fc.boolean(),
    seed: fc.integer(),
  })
  .map(({ dims, axisShare, range, zero, width, isBatched, seed }) => {
    const axis = axisShare === null ? undefined : Math.floor(axisShare * dims.length);
    const channels = axis === undefined ? 1 : (dims[axis] ?? 1);
    const random = noise(channels, seed + 1);
    const scales = Float32Array.from(
      { length: channels },
      (_, at) => 0.01 + 0.02 * Math.abs(random[at] ?? 0),
    );
    const factors = Float32Array.from(noise(channels, seed + 2), (value) => 1 + 0.3 * value);
    const { least, most } = ranges[range];
    const zeroPoint = range === "uint8" ? zero : 0;
    const count = sizeOf(dims);
    return {
      type: range === "uint8" ? "uint8" : "int8",
      dims,
      axis,
      scales,
      factors,
      zeroPoints: Array.from(scales, () => zeroPoint),
      least,
      most,
      isBatched: isBatched && axis === undefined,
      x: Float32Array.from(noise(count, seed + 3), (value) => value * width * 3),
      dy: Float32Array.from(noise(count, seed + 4)),
    };
  });

/** Gradients jump where rounding does: values so close to a half step say nothing. */
function isClear({ x, axis, dims, scales, factors }: FakeCase): boolean {
  const inner = axis === undefined ? x.length : sizeOf(dims.slice(axis + 1));
  return x.every((value, at) => {
    const channel = axis === undefined ? 0 : Math.floor(at / inner) % scales.length;
    const steps = value / Math.fround((scales[channel] ?? 1) * (factors[channel] ?? 1));
    return Math.abs(Math.abs(steps - Math.floor(steps)) - 0.5) > 0.002;
  });
}

describe("fake quantisation", () => {
  it("has the straight-through gradient, and that of learned step sizes", async () => {
    await fc.assert(
      fc.asyncProperty(cases.filter(isClear), async (one) => {
        const [found, wanted] = [await runFake(one), referenceFake(one)];
        const near = (a: Float32Array, b: Float64Array, digits: number) => {
          const size = b.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
          expect(a.length).toBe(b.length);
          a.forEach((value, at) => {
            expect(Math.abs(value - (b[at] ?? Number.NaN)) / size).toBeLessThan(10 ** -digits);
          });
        };
        near(found.y, wanted.y, 6);
        expect(Array.from(found.dx, (value) => value + 0)).toEqual([...wanted.dx]);
        near(found.df, wanted.df, 4);
      }),
      { numRuns: 200 },
    );
  });

  it("gives what the quantiser writes, to the bit; zero stays, and rounding again changes nothing", async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (one) => {
        const { dims, axis, type, zeroPoints, least, most } = one;
        const x = one.x.slice();
        x[0] = 0;
        const { y } = await runFake({ ...one, x });
        const scales = one.scales.map((scale, at) => scale * (one.factors[at] ?? 1));
        const inner = axis === undefined ? x.length : sizeOf(dims.slice(axis + 1));
        const integers = quantizeWith(x, { channels: scales.length, inner }, type, scales, zeroPoints);
        y.forEach((value, at) => {
          const channel = axis === undefined ? 0 : Math.floor(at / inner) % scales.length;
          const integer = Math.max(least, Math.min(most, integers[at] ?? 0));
          const wanted = Math.fround((integer - (zeroPoints[channel] ?? 0)) * (scales[channel] ?? 1));
          expect(value + 0).toBe(wanted + 0);
        });
        expect(y[0]).toBe(0);
        const again = (await runFake({ ...one, x: y })).y;
        expect(again.map((value) => value + 0)).toEqual(y.map((value) => value + 0));
      }),
      { numRuns: 60 },
    );
  });

  it("rounds halves to even", async () => {
    const x = Float32Array.of(-2.5, -1.5, -0.5, 0.5, 1.5, 2.5).map((steps) => steps / 4);
    const one = {
      dims: [6],
      axis: undefined,
      type: "int8",
      scales: Float32Array.of(0.25),
      zeroPoints: [0],
    } as const;
    const { y } = await runFake({
      ...one,
      ...ranges.int8,
      x,
      factors: Float32Array.of(1),
      dy: x,
      isBatched: false,
    });
    expect([...y].map((value) => value * 4 + 0)).toEqual([-2, -2, 0, 0, 2, 2]);
  });

  it("lets the largest weight move, on which the scale of its channel stands", async () => {
    const x = Float32Array.of(0.3, -1.27, 1.27);
    const scales = Float32Array.of(1.27 / 127);
    const { dx } = await runFake({
      dims: [3],
      axis: undefined,
      type: "int8",
      scales,
      zeroPoints: [0],
      ...ranges.int8,
      x,
      factors: Float32Array.of(1),
      dy: Float32Array.of(1, 1, 1),
      isBatched: false,
    });
    expect([...dx]).toEqual([1, 1, 1]);
  });
});
