import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bfloat16Bits, bfloat16Value } from "#engine/onnx/floats.ts";
import { brainsOfValues, countOverflows } from "./convert.ts";

const toBrains = (values: Float32Array) => ({
  bits: new Uint16Array(brainsOfValues(values).slice().buffer),
  overflows: countOverflows(values),
});
const ofBits = (word: number) => new Float32Array(Uint32Array.of(word).buffer);

describe("float32 → bfloat16", () => {
  it("by hand: exact values, ties to even, carries, signs", () => {
    const cases: [number, number][] = [
      [0x3f80_0000, 0x3f80], // 1
      [0x3f80_8000, 0x3f80], // half way, the lower one is even
      [0x3f81_8000, 0x3f82], // half way, the upper one is even
      [0x3f80_8001, 0x3f81], // just above half way
      [0x3fff_ffff, 0x4000], // the mantissa carries into the exponent
      [0xbf80_8001, 0xbf81],
      [0x8000_0000, 0x8000], // −0
      [0x0000_8001, 0x0001], // subnormal
      [0x0000_8000, 0x0000],
      [0x7f80_0000, 0x7f80], // infinities
      [0xff80_0000, 0xff80],
      [0x7f80_0001, 0x7fc0], // a signalling NaN whose upper half is that of infinity
      [0xffff_ffff, 0xffc0],
    ];
    for (const [word, expected] of cases) {
      expect([...toBrains(ofBits(word)).bits], word.toString(16)).toEqual([expected]);
    }
  });

  it("counts what becomes infinite: the largest float32 does, the largest below half way does not", () => {
    expect(toBrains(ofBits(0x7f7f_ffff))).toEqual({ bits: Uint16Array.of(0x7f80), overflows: 1 });
    expect(toBrains(ofBits(0xff7f_8000))).toEqual({ bits: Uint16Array.of(0xff80), overflows: 1 });
    expect(toBrains(ofBits(0x7f7f_7fff))).toEqual({ bits: Uint16Array.of(0x7f7f), overflows: 0 });
    expect(toBrains(ofBits(0x7f80_0000)).overflows).toBe(0);
  });

  it("is the nearest value, of two equally near ones the even one, for any bits", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0xffff_ffff }), (word) => {
        const value = ofBits(word)[0] ?? 0;
        const bits = toBrains(ofBits(word)).bits[0] ?? 0;
        expect(bits).toBe(bfloat16Bits(value));
        fc.pre(Number.isFinite(value) && Math.abs(value) < 3.38e38);
        const error = Math.abs(bfloat16Value(bits) - value);
        for (const other of [bits - 1, bits + 1]) {
          const distance = Math.abs(bfloat16Value(other & 0xffff) - value);
          if (distance === error) expect(bits & 1).toBe(0);
          else if (Number.isFinite(distance)) expect(distance).toBeGreaterThan(error);
        }
        // Subnormal results have fewer bits to be precise with.
        if (Math.abs(value) >= 2 ** -126) expect(error).toBeLessThanOrEqual(Math.abs(value) * 2 ** -8);
      }),
      { numRuns: 5000 },
    );
  });
});
