import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { brainsOfValues, countOverflows } from "../passes/cast-bfloat16/convert.ts";
import { countClamped, halvesOfValues, toHalves } from "../passes/cast-float16/convert.ts";
import { gather } from "../passes/prune-magnitude/gather.ts";
import { countLower, countUpper, zeroBelow } from "../passes/prune-magnitude/select.ts";
import { extentOf } from "../passes/quantization/extent.ts";
import { map as integers } from "../passes/quantization/integers.ts";
import { arena, keep, windowBytes } from "./arena.ts";
import * as reference from "./testing/reference.ts";

const fromBits = (words: readonly number[]) => new Float32Array(Uint32Array.from(words).buffer);
const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Any bits, those of particular values above all. */
const word = fc.oneof(
  fc.integer({ min: 0, max: 0xffff_ffff }),
  fc.constantFrom(0, 0x8000_0000, 1, 0x7f80_0000, 0xff80_0000, 0x7fc0_0000, 0x477f_e000, 0x477f_f000),
  fc.constantFrom(0x337f_fae4, 0x337f_fae5, 0x3380_0000, 0x387f_ffff, 0x3880_0000, 0x3300_0001),
  fc
    .float({ min: -4, max: 4, noNaN: true })
    .map((value) => new Uint32Array(Float32Array.of(value).buffer)[0] ?? 0),
);
/** Lengths around whole vectors and grains; with places where the values are found and where they are not. */
const values = fc
  .tuple(fc.array(word, { maxLength: 70 }), fc.boolean(), fc.nat(3))
  .map(([words, inWindow, shift]) => {
    const made = fromBits([...Array<number>(shift).fill(0x4000_0000), ...words]);
    if (!inWindow) return made.subarray(shift);
    const bytes = arena()
      .window(made.byteLength + 64)
      .fill(0x41);
    bytes.set(bytesOf(made));
    return new Float32Array(bytes.buffer, bytes.byteOffset + 4 * shift, words.length);
  });
const compare = (a: Uint32Array, b: Uint32Array) =>
  Buffer.compare(Buffer.from(a.buffer), Buffer.from(b.buffer));
const check = (property: (values: Float32Array) => void) =>
  fc.assert(fc.property(values, property), { numRuns: 500 });

describe("each kernel agrees with its reference to the bit", () => {
  it("float32 to float16", () => {
    check((input) => {
      const expected = reference.toHalves(input);
      const clamped = reference.countBetween(input, 0x477f_e000, 0x7f80_0000);
      expect(countClamped(input)).toBe(clamped);
      expect([...new Uint16Array(halvesOfValues(input).slice().buffer)]).toEqual([...expected]);
      expect(toHalves(input)).toEqual({ bits: expected, clamped });
    });
  });

  it("every float16, its neighbours and the ties between", () => {
    const words: number[] = [];
    for (let magnitude = 0x3300_0000; magnitude <= 0x4780_0000; magnitude += 0x800) {
      words.push(magnitude - 1, magnitude, magnitude + 1, magnitude | 0x8000_0000);
    }
    const input = fromBits(words.map((one) => one >>> 0));
    expect(
      Buffer.compare(Buffer.from(toHalves(input).bits.buffer), Buffer.from(reference.toHalves(input).buffer)),
    ).toBe(0);
    expect(input.length).toBeGreaterThan(600_000);
  });

  it("float32 to bfloat16", () => {
    check((input) => {
      const expected = reference.toBrains(input);
      expect([...new Uint16Array(brainsOfValues(input).slice().buffer)]).toEqual([...expected]);
      expect(countOverflows(input)).toBe(reference.countBetween(input, 0x7f7f_7fff, 0x7f80_0000));
    });
  });

  it("extents", () => {
    const long = fc.tuple(values, fc.integer({ min: 512, max: 600 }));
    fc.assert(
      fc.property(long, ([short, length]) => {
        const input = new Float32Array(length);
        input.set(short, length - short.length);
        expect(extentOf(input)).toEqual(reference.extent(input));
        expect(extentOf(short)).toEqual(reference.extent(short));
      }),
    );
  });

  it.each(["int8", "uint8"] as const)("integers, %s", (type) => {
    const [min, max] = type === "int8" ? [-128, 127] : [0, 255];
    const scales = fc.float({ min: Math.fround(1e-4), max: 10, noNaN: true });
    fc.assert(
      fc.property(values, scales, fc.integer({ min, max }), (input, scale, zeroPoint) => {
        const expected = reference.quantized(input, { scale, zeroPoint, min, max });
        const made = keep(integers(bytesOf(input), { type, scale, zeroPoint }));
        expect([...(type === "int8" ? new Int8Array(made.buffer) : made)]).toEqual(expected);
      }),
      { numRuns: 500 },
    );
  });

  it("zeros below a threshold", () => {
    fc.assert(
      fc.property(
        values,
        fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0x7fff_ffff })),
        (input, threshold) => {
          const expected = reference.zeroBelow(input, threshold);
          const made = zeroBelow(input, threshold);
          expect(compare(new Uint32Array(made.values.buffer), expected.words)).toBe(0);
          expect([made.zeros, made.zerosBefore]).toEqual([expected.zeros, expected.zerosBefore]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("magnitudes within a window", () => {
    const bound = fc.oneof(fc.integer({ min: 1, max: 0x7fff_ffff }), fc.constantFrom(1, 0x7f80_0001));
    fc.assert(
      fc.property(values, bound, bound, (input, low, high) => {
        const expected = reference.gather(input, low, high);
        const { below, zeros, inside } = gather(input, { low, high });
        expect([below, zeros]).toEqual([expected.below, expected.zeros]);
        expect(compare(new Uint32Array(inside.buffer), expected.inside)).toBe(0);
      }),
      { numRuns: 500 },
    );
  });

  it("counts of magnitudes", () => {
    fc.assert(
      fc.property(values, fc.constantFrom(0, 0x3f80, 0x7f80, 0x4000), (input, upper) => {
        expect(compare(countUpper(input), reference.countUpper(input))).toBe(0);
        expect(compare(countLower(input, upper), reference.countLower(input, upper))).toBe(0);
      }),
      { numRuns: 60 },
    );
  });
});

describe("more values than fit", () => {
  it("are handled block by block", () => {
    const input = new Float32Array(windowBytes / 4 + 100_003).map((_, at) => Math.sin(at) * 70_000);
    const made = toHalves(input);
    expect(Buffer.compare(Buffer.from(made.bits.buffer), Buffer.from(reference.toHalves(input).buffer))).toBe(
      0,
    );
    expect(made.clamped).toBe(reference.countBetween(input, 0x477f_e000, 0x7f80_0000));
  });

  it("are gathered block by block", () => {
    const input = new Float32Array(windowBytes / 4 + 100_003).map((_, at) => Math.sin(at));
    const { inside } = gather(input, { low: 1, high: 0x7f80_0000 });
    const expected = reference.gather(input, 1, 0x7f80_0000).inside;
    expect(inside.length).toBe(expected.length);
    expect(compare(new Uint32Array(inside.buffer), expected)).toBe(0);
  });

  it("what a kernel made can be the input of another", () => {
    const input = new Float32Array(300_001).map((_, at) => Math.sin(at));
    const once = halvesOfValues(input).slice();
    const view = arena().map(input, 4, ({ from, end }, to) => arena().kernels.zeroBelow(from, end, to, 0));
    const again = halvesOfValues(new Float32Array(view.buffer, view.byteOffset, input.length));
    expect(Buffer.compare(again, once)).toBe(0);
  });
});
