import { describe, expect, it } from "vitest";
import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Graph } from "#engine/onnx/model.ts";
import type { ModelSignature } from "../tensors/tensor.ts";
import { indexBounds } from "./index-bounds.ts";
import { seededFeeds } from "./seeded-inputs.ts";

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
