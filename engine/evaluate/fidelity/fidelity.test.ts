import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Graph } from "#engine/onnx/model.ts";
import type { ItemOutputs } from "../tensors/item-outputs.ts";
import type { ModelSignature } from "../tensors/tensor.ts";
import { compareOutputs } from "./compare-outputs.ts";
import { indexBounds } from "./index-bounds.ts";
import { assessFidelity } from "./report.ts";
import { seededFeeds } from "./seeded-inputs.ts";

const outputs = (width: number, values: number[]): ItemOutputs => ({
  items: values.length / width,
  itemDims: [width],
  values: Float64Array.from(values),
});

describe("compareOutputs", () => {
  it("has the values of a calculation by hand", () => {
    const { cosine, agreement, sqnr, maxAbsDiff } = compareOutputs(
      outputs(2, [3, 4, 1, 0]),
      outputs(2, [4, 3, 1, 0]),
    );
    expect(cosine[0]).toBeCloseTo(24 / 25, 12);
    expect(cosine[1]).toBe(1);
    expect([...agreement!]).toEqual([0, 1]);
    expect(sqnr).toBeCloseTo(10 * Math.log10(26 / 2), 12);
    expect(maxAbsDiff).toBe(1);
  });

  it("measures divergence of probabilities only", () => {
    const { divergence } = compareOutputs(outputs(2, [0.5, 0.5]), outputs(2, [0.25, 0.75]));
    expect(divergence![0]).toBeCloseTo(0.5 * Math.log(2) + 0.5 * Math.log(2 / 3), 12);
    expect(compareOutputs(outputs(2, [5, 1]), outputs(2, [5, 1])).divergence).toBeUndefined();
  });

  it("finds identical outputs identical", () => {
    const values = fc.array(fc.double({ noNaN: true, min: -1e6, max: 1e6 }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(values, (row) => {
        const same = compareOutputs(outputs(2, row), outputs(2, row));
        expect(same).toMatchObject({
          sqnr: Number.POSITIVE_INFINITY,
          maxAbsDiff: 0,
          nonFinite: 0,
          constant: false,
        });
        for (const value of same.cosine) expect(value).toBeCloseTo(1, 9);
        expect([...same.agreement!]).toEqual([1, 1]);
      }),
    );
  });

  it("notices nonsense", () => {
    const broken = compareOutputs(outputs(2, [1, 2, 3, 4]), outputs(2, [1, Number.NaN, 3, 4]));
    expect(broken.nonFinite).toBe(1);
    expect([...broken.cosine]).toEqual([0, 1]);
    expect(broken.sqnr).toBe(Number.NEGATIVE_INFINITY);
    expect(compareOutputs(outputs(2, [1, 2, 3, 4]), outputs(2, [1, 2, 1, 2])).constant).toBe(true);
    expect(() => compareOutputs(outputs(2, [1, 2]), outputs(1, [1]))).toThrow("differ in shape");
  });
});

describe("assessFidelity", () => {
  it("raises alarms and never speaks of accuracy", () => {
    const report = assessFidelity({
      original: new Map([["y", outputs(2, [1, 2, 3, 1])]]),
      variant: new Map([["y", outputs(2, [1, 2, 1, 2])]]),
      conditions: { engineVersion: "1" },
      inputs: "seeded inputs, seed 1",
      seed: 1,
    });
    expect(report.alarms).toEqual(['output "y" is the same for every input']);
    expect(report.measurements.map(({ name }) => name)).toContain("fidelity/argmax-agreement");
    expect(report.measurements.every(({ name }) => name.startsWith("fidelity/"))).toBe(true);
  });
});

describe("indexBounds", () => {
  const graph = (): Graph => ({
    node: [
      makeNode("Cast", ["ids"], ["ids32"], { attribute: [makeInt("to", 6)] }),
      makeNode("Gather", ["table", "ids32"], ["e"]),
      makeNode("DequantizeLinear", ["small", "s"], ["deq"]),
      makeNode("Gather", ["deq", "ids"], ["f"], { attribute: [makeInt("axis", -1)] }),
    ],
    initializer: [
      makeTensor("table", "float32", [100, 2], new Float32Array(200)),
      makeTensor("small", "int8", [2, 30], new Int8Array(60)),
    ],
    input: [{ name: "ids" }, { name: "x" }],
    output: [],
    valueInfo: [],
  });

  it("follows indices to the smallest table", () => {
    expect(indexBounds(graph())).toEqual(new Map([["ids", 30]]));
  });

  it("does not take the table itself for indices", () => {
    const other = graph();
    other.node = [makeNode("Gather", ["x", "ids"], ["e"])];
    expect(indexBounds(other).size).toBe(0);
  });
});

describe("seededFeeds", () => {
  const model: ModelSignature = {
    inputs: [
      { name: "ids", dtype: "int64", shape: ["N", "seq"] },
      { name: "attention_mask", dtype: "int64", shape: ["N", "past + seq"] },
      { name: "image", dtype: "float16", shape: ["N", 3, "h", "w"] },
      { name: "bytes", dtype: "uint8", shape: [] },
      { name: "words", dtype: "string", shape: ["", "seq"] },
      { name: "flag", dtype: "bool", shape: [4] },
    ],
    outputs: [],
  };
  const make = (seed: number) =>
    seededFeeds(model, { items: 3, seed, bounds: new Map([["ids", 5]]), sizes: { past: 2 } });

  it("fit the signature", () => {
    const [first] = make(1);
    expect(first!.feeds.ids!.dims).toEqual([1, 8]);
    expect(first!.feeds.attention_mask!.dims).toEqual([1, 10]);
    expect(first!.feeds.image!.dims).toEqual([1, 3, 32, 32]);
    expect(first!.feeds.bytes!.dims).toEqual([]);
    expect(first!.feeds.words!.data).toHaveLength(8);
    const ids = make(1).flatMap(({ feeds }) => Array.from(feeds.ids!.data, Number));
    expect(Math.max(...ids)).toBeLessThan(5);
    expect(new Set(ids).size).toBeGreaterThan(2);
    expect(Array.from(first!.feeds.attention_mask!.data, Number).every((value) => value === 1)).toBe(true);
  });

  it("come in batches on request", () => {
    const [first, second] = seededFeeds(model, { items: 2, seed: 1, batch: 3 });
    expect(first!.size).toBe(3);
    expect([...second!.rows]).toEqual([3, 4, 5]);
    expect(first!.feeds.image!.dims[0]).toBe(3);
    expect(first!.feeds.flag!.dims).toEqual([4]);
  });

  it("begin a decoder with an empty past", () => {
    const [first] = seededFeeds(model, { items: 1, seed: 1 });
    expect(first!.feeds.attention_mask!.dims).toEqual([1, 8]);
  });

  it("repeat from the seed and differ between items", () => {
    expect(make(1)).toEqual(make(1));
    expect(make(2)).not.toEqual(make(1));
    expect(make(1)[0]!.feeds.image).not.toEqual(make(1)[1]!.feeds.image);
  });

  it("refuses what would not fit in memory", () => {
    const huge: ModelSignature = {
      inputs: [{ name: "x", dtype: "float32", shape: [1e5, 1e5] }],
      outputs: [],
    };
    expect(() => seededFeeds(huge, { items: 1, seed: 1 })).toThrow("too large");
  });
});
