import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { float16Value } from "#engine/onnx/floats.ts";
import type { DataType, ModelSignature } from "../tensors/tensor.ts";
import { loadDataset } from "./dataset.ts";
import { makeFeeds, sampleFeeds } from "./feeds.ts";
import { parseManifest } from "./manifest.ts";

/** Items of uint8 arrays with the values 0, 1, 2, … through the whole file. */
function arrays(count: number, shape: number[], input: object = {}) {
  const size = shape.reduce((product, dim) => product * dim, 1);
  const dims = [count, ...shape];
  const file = new Uint8Array(4 + 4 * dims.length + count * size);
  file.set([0, 0, 8, dims.length]);
  for (const [index, dim] of dims.entries()) new DataView(file.buffer).setUint32(4 + 4 * index, dim);
  for (let index = 0; index < count * size; index++) file[4 + 4 * dims.length + index] = index;
  const manifest = parseManifest(
    JSON.stringify({
      name: "t",
      task: "regression",
      splits: { test: { x: "x.idx" } },
      inputs: [{ to: 0, from: "x", ...input }],
    }),
  );
  return loadDataset(manifest, () => file);
}

const model = (shape: (number | string)[], dtype: DataType = "float32"): ModelSignature => ({
  inputs: [{ name: "in", dtype, shape }],
  outputs: [],
});

function feeds(dataset: ReturnType<typeof arrays>, signature: ModelSignature, batch = 2) {
  return [...makeFeeds(dataset, signature, dataset.splits.test, batch)];
}

describe("makeFeeds", () => {
  it("keeps a dynamic batch and a shorter last one", () => {
    const batches = feeds(arrays(3, [2, 2]), model(["N", 2, 2]));
    expect(batches.map(({ feeds }) => feeds.in?.dims)).toEqual([
      [2, 2, 2],
      [1, 2, 2],
    ]);
    expect([...(batches[1]?.feeds.in?.data ?? [])]).toEqual([8, 9, 10, 11]);
  });

  it("fills a fixed batch up and says how many items are real", () => {
    const batches = feeds(arrays(3, [2]), model([2, 2]));
    expect(batches.map(({ rows, size }) => [rows.length, size])).toEqual([
      [2, 2],
      [1, 2],
    ]);
    expect([...(batches[1]?.feeds.in?.data ?? [])]).toEqual([4, 5, 4, 5]);
  });

  it("feeds single items to a model without a batch axis", () => {
    const batches = feeds(arrays(2, [4]), model([4]));
    expect(batches.map(({ feeds }) => feeds.in?.dims)).toEqual([[4], [4]]);
  });

  it("flattens, and adds or drops axes of length 1", () => {
    expect(feeds(arrays(1, [2, 2, 1]), model(["N", 4]))[0]?.feeds.in?.dims).toEqual([1, 4]);
    expect(feeds(arrays(1, [2, 2]), model(["N", 1, 2, 2]))[0]?.feeds.in?.dims).toEqual([1, 1, 2, 2]);
    expect(feeds(arrays(1, [6]), model(["N", "?", 2]))[0]?.feeds.in?.dims).toEqual([1, 3, 2]);
  });

  it("turns images to the layout of the model", () => {
    const turned = feeds(arrays(1, [2, 2, 3], { shape: [2, 2, 3], layout: "NHWC" }), model(["N", 3, 2, 2]));
    expect([...(turned[0]?.feeds.in?.data ?? [])]).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
    const back = feeds(arrays(1, [3, 2, 2], { shape: [3, 2, 2], layout: "NCHW" }), model(["N", 2, 2, 3]));
    expect([...(back[0]?.feeds.in?.data ?? [])]).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    expect(() => feeds(arrays(1, [2, 2, 3]), model(["N", 3, 2, 2]))).toThrow("`layout`");
  });

  it("says what the model expects and what the data give", () => {
    expect(() => feeds(arrays(1, [28, 28]), model(["N", 3, 32, 32]))).toThrow(
      'The input "in" takes [N, 3, 32, 32], an item of [3, 32, 32] (3072 values); the dataset gives items of [28, 28] (784 values)',
    );
    expect(() => feeds(arrays(1, [2], { to: "other" }), model(["N", 2]))).toThrow(
      'the model has 0: "in" float32 [N, 2]',
    );
    const two = {
      inputs: [...model(["N", 2]).inputs, { name: "mask", dtype: "bool" as const, shape: ["N"] }],
      outputs: [],
    };
    expect(() => feeds(arrays(1, [2]), two)).toThrow('does not feed the input "mask"');
    expect(() => feeds(arrays(1, [2]), model(["N", 2], "string"))).toThrow("takes string");
  });

  it("converts to every type of a model", () => {
    const dataset = arrays(2, [3]);
    const types: DataType[] = [
      "float32",
      "float64",
      "int8",
      "uint8",
      "int16",
      "uint16",
      "int32",
      "uint32",
      "int64",
      "uint64",
    ];
    for (const dtype of types) {
      expect(Array.from(feeds(dataset, model(["N", 3], dtype))[0]?.feeds.in?.data ?? [], Number)).toEqual([
        0, 1, 2, 3, 4, 5,
      ]);
    }
    const half = feeds(dataset, model(["N", 3], "float16"))[0]?.feeds.in?.data as Uint16Array;
    expect(Array.from(half, float16Value)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(() => feeds(dataset, model(["N", 3], "bool"))).toThrow("does not fit the type bool");
  });

  it("scales, and rounds to the declared type first", () => {
    const scaled = feeds(arrays(1, [2], { scale: 0.1, mean: [0, 0.1], std: 2 }), model(["N", 2], "float64"));
    expect([...(scaled[0]?.feeds.in?.data ?? [])]).toEqual([0, 0]);
    const rounded = feeds(arrays(1, [2], { scale: 0.1, dtype: "float32" }), model(["N", 2], "float64"));
    expect(rounded[0]?.feeds.in?.data[1]).toBe(Math.fround(0.1));
    expect(() => feeds(arrays(1, [2], { scale: 0.5 }), model(["N", 2], "int64"))).toThrow(
      "0.5 does not fit the type int64",
    );
  });

  it("covers each row once whatever the batch", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 20 }),
        fc.integer({ min: 1, max: 8 }),
        fc.boolean(),
        (count, batch, fixed) => {
          const batches = feeds(arrays(count, [2]), model([fixed ? batch : "N", 2]), batch);
          const rows = batches.flatMap(({ rows }) => [...rows]);
          expect(rows).toEqual(Array.from({ length: count }, (_, index) => index));
        },
      ),
    );
  });
});

describe("sampleFeeds", () => {
  it("repeats items where there are fewer than wanted", () => {
    const { feeds: singles, size } = sampleFeeds(arrays(2, [1]), model(["N", 1]), Uint32Array.of(0, 1), 4, 3);
    expect(singles).toHaveLength(4);
    expect(size).toBe(3);
  });
});
