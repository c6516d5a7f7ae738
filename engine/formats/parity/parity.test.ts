import { describe, expect, it } from "vitest";
import type { HostTensor, ModelSignature } from "#engine/evaluate/tensors/tensor.ts";
import { compareOutputs } from "./compare.ts";
import { parityFeeds, parityInputs } from "./inputs.ts";
import { perturbed } from "./perturb.ts";
import { parityReportSchema } from "./report.schema.ts";

const about = { reference: "a test", seed: 7 };
const floats = (values: number[], dims = [1, values.length]): HostTensor => ({
  dtype: "float32",
  dims,
  data: Float32Array.from(values),
});
const pairOf = (original: HostTensor, converted: HostTensor) => [
  { original: { y: original }, converted: { y: converted } },
];

describe("inputs", () => {
  const signature: ModelSignature = {
    inputs: [
      { name: "image", dtype: "float32", shape: ["batch", 4, 4, 3] },
      { name: "word", dtype: "int64", shape: ["batch", 5] },
      { name: "pixels", dtype: "uint8", shape: ["batch", 2] },
    ],
    outputs: [],
  };
  const feeds = parityFeeds(signature, { seed: 7, bounds: new Map([["word", 20]]) });

  it("are sixteen, the same for a seed, all of one shape", () => {
    expect(feeds).toHaveLength(parityInputs);
    expect(parityFeeds(signature, { seed: 7, bounds: new Map([["word", 20]]) })).toEqual(feeds);
    for (const feed of feeds) expect(feed.image?.dims).toEqual([1, 4, 4, 3]);
  });

  it("have both ends of every range among them", () => {
    const all = (name: string) => feeds.flatMap((feed) => Array.from(feed[name]?.data ?? [], Number));
    expect([Math.min(...all("image")), Math.max(...all("image"))]).toEqual([-255, 1000]);
    expect([Math.min(...all("word")), Math.max(...all("word"))]).toEqual([0, 19]);
    expect([Math.min(...all("pixels")), Math.max(...all("pixels"))]).toEqual([0, 255]);
    expect(
      feeds.some((feed) => Array.from(feed.image?.data ?? [], Number).every((value) => value === 0)),
    ).toBe(true);
  });
});

describe("changes as small as rounding", () => {
  it("leave indices and flags as they are, and levels in their range", () => {
    const feeds = {
      x: floats([1, -2, 0]),
      word: { dtype: "int64", dims: [2], data: BigInt64Array.of(3n, 4n) },
      pixels: { dtype: "uint8", dims: [64], data: new Uint8Array(64).fill(255) },
      flag: { dtype: "bool", dims: [1], data: Uint8Array.of(1) },
    } as const;
    const found = perturbed(feeds, 1, new Set(["word"]));
    expect(found.word).toBe(feeds.word);
    expect(found.flag).toBe(feeds.flag);
    const pixels = Array.from(found.pixels?.data ?? [], Number);
    expect(new Set(pixels)).toEqual(new Set([254, 255]));
    const [one = 0, two = 0, zero = 1] = Array.from(found.x?.data ?? [], Number);
    expect(Math.abs(one - 1)).toBeCloseTo(2 ** -20, 8);
    expect(Math.abs(two + 2)).toBeCloseTo(2 ** -19, 8);
    expect(zero).toBe(0);
  });
});

describe("outputs", () => {
  it("agree up to the tolerance times the largest magnitude", () => {
    const report = compareOutputs(pairOf(floats([100, 1]), floats([100.005, 1])), about);
    expect(parityReportSchema.parse(report)).toMatchObject({ agrees: true, inputs: 1 });
    expect(report.outputs[0]?.maxRelative).toBeCloseTo(5e-5, 6);
    expect(report.outputs[0]?.sameArgMax).toBe(1);
    expect(compareOutputs(pairOf(floats([100, 1]), floats([100.02, 1])), about).agrees).toBe(false);
    expect(compareOutputs(pairOf(floats([0.001, 0]), floats([0.0012, 0])), about).agrees).toBe(false);
  });

  it("agree in what is not finite only where it is the same", () => {
    const odd = [Number.NaN, Number.POSITIVE_INFINITY, 1];
    expect(compareOutputs(pairOf(floats(odd), floats(odd)), about).agrees).toBe(true);
    for (const at of [0, 1]) {
      const other = floats(odd.with(at, 1));
      expect(compareOutputs(pairOf(floats(odd), other), about).agrees).toBe(false);
      expect(compareOutputs(pairOf(other, floats(odd)), about).agrees).toBe(false);
    }
  });

  it("agree further apart where the model itself moves as far with changes as small as rounding", () => {
    const [pair = { original: {}, converted: {} }] = pairOf(floats([0.5, 1]), floats([0.503, 1]));
    const nearby = (value: number) => [{ y: floats([value, 1]) }];
    expect(compareOutputs([{ ...pair, nearby: nearby(0.502) }], about)).toMatchObject({
      agrees: true,
      sensitive: 1,
    });
    expect(compareOutputs([{ ...pair, nearby: nearby(0.5031) }], about)).toMatchObject({ agrees: false });
    expect(compareOutputs([{ ...pair, nearby: [] }], about)).toMatchObject({ agrees: false });
  });

  it("of integers agree up to a number of steps", () => {
    const bytes = (values: number[]): HostTensor => ({
      dtype: "int8",
      dims: [1, 2],
      data: Int8Array.from(values),
    });
    const pair = pairOf(bytes([10, 20]), bytes([11, 20]));
    expect(compareOutputs(pair, about).agrees).toBe(false);
    expect(compareOutputs(pair, { ...about, steps: 1 }).agrees).toBe(true);
  });

  it("have the same names and shapes", () => {
    const original = { y: floats([1, 2]) };
    expect(() => compareOutputs([{ original, converted: {} }], about)).toThrow(/is missing.*output "y"/);
    expect(() => compareOutputs(pairOf(floats([1, 2]), floats([1, 2], [2, 1])), about)).toThrow(/\[2, 1\]/);
  });
});
