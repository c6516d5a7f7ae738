import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { makeString } from "#engine/onnx/attributes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import { graph, model, node, value } from "#engine/passes/testing/build.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { zipOf } from "#engine/testing/zip.ts";
import { calibrationRows } from "./dataset.ts";
import * as golden from "./formats/testing/golden.ts";
import { bytesOf } from "./formats/testing/golden-bytes.ts";
import { resample, resizedSize } from "./geometry.ts";
import { findLeaks } from "./leaks.ts";
import { murmur3 } from "./murmur3.ts";
import { datasetRemarks } from "./remarks.ts";
import { encode, itemOf, load } from "./testing/load.ts";

/** Resize of ONNX Runtime with half-pixel centres, on an image of [height, width]. */
async function resizeOf(method: "bilinear" | "nearest") {
  const attributes = [
    makeString("coordinate_transformation_mode", "half_pixel"),
    makeString("mode", method === "bilinear" ? "linear" : "nearest"),
    makeString("nearest_mode", "round_prefer_floor"),
  ];
  const net = model(
    graph({
      node: [node("Resize", ["x", "", "", "sizes"], ["y"], attributes)],
      input: [value("x", [1, 1, "h", "w"]), value("sizes", [4], "int64")],
      output: [value("y", [1, 1, "H", "W"])],
    }),
    18,
  );
  const session = await loadSession(Buffer.concat(encodeModel(net)));
  return async (pixels: Float32Array, from: readonly number[], to: readonly number[]) => {
    const sizes = BigInt64Array.from([1, 1, ...to], BigInt);
    const { y } = await session.run({
      x: { dtype: "float32", dims: [1, 1, ...from], data: pixels },
      sizes: { dtype: "int64", dims: [4], data: sizes },
    });
    return Array.from(y?.data ?? [], Number);
  };
}

const side = fc.integer({ min: 1, max: 12 });

describe("resample", () => {
  it.each(["bilinear", "nearest"] as const)("is ONNX Runtime's Resize, %s", async (method) => {
    const reference = await resizeOf(method);
    await fc.assert(
      fc.asyncProperty(side, side, side, side, fc.nat(), async (height, width, toHeight, toWidth, seed) => {
        const pixels = Float32Array.from({ length: height * width }, (_, at) => ((at * 37 + seed) % 251) / 4);
        const ours: number[] = new Array(toHeight * toWidth).fill(Number.NaN);
        const resize = { height: toHeight, width: toWidth, method };
        const at = (y: number, x: number) => pixels[y * width + x] ?? Number.NaN;
        resample({ height, width }, 1, resize, undefined, at, (y, x, _, pixel) => {
          ours[y * toWidth + x] = pixel;
        });
        const theirs = await reference(pixels, [height, width], [toHeight, toWidth]);
        expect(ours).toHaveLength(theirs.length);
        // The runtime works in 32 bits on values below 64.
        for (const [index, pixel] of ours.entries()) {
          expect(Math.abs(pixel - (theirs[index] ?? Number.NaN))).toBeLessThan(1e-4);
        }
      }),
      { numRuns: 150, seed: 1 },
    );
  });

  it("has the values that one works out by hand", () => {
    const line = [0, 10, 20, 40];
    const out: number[] = [];
    const give = (_y: number, _x: number, _c: number, pixel: number) => out.push(pixel);
    // Centres at (x + 0.5) · 4 / 2 − 0.5 = 0.5 and 2.5.
    resample({ height: 1, width: 4 }, 1, { height: 1, width: 2 }, undefined, (_, x) => line[x]!, give);
    // Of 4 columns the middle 2, and of 5 the second to the third.
    resample({ height: 1, width: 4 }, 1, undefined, { height: 1, width: 2 }, (_, x) => line[x]!, give);
    resample({ height: 1, width: 5 }, 1, undefined, { height: 1, width: 2 }, (_, x) => x, give);
    expect(out).toEqual([5, 30, 10, 20, 1, 2]);
    expect(resizedSize({ height: 20, width: 31 }, { shorter: 10 })).toEqual({ height: 10, width: 16 });
  });
});

describe("images", () => {
  const idx = (dims: number[], values: number[]) =>
    Uint8Array.of(0, 0, 8, dims.length, ...dims.flatMap((dim) => [0, 0, 0, dim]), ...values);
  const arrays = (input: object) => ({
    task: "classification",
    inputs: [{ to: 0, from: "x", ...input }],
    splits: { test: { x: "x" } },
  });

  it("in arrays are resized and cut in their layout, before they are scaled", async () => {
    const values = Array.from({ length: 32 }, (_, index) => index);
    const plane = await load(arrays({ crop: { height: 2, width: 2 }, scale: 2 }), {
      x: idx([1, 4, 4], values.slice(0, 16)),
    });
    expect([plane.encoders[0]?.itemShape, itemOf(plane, 0)]).toEqual([
      [2, 2],
      [10, 12, 18, 20],
    ]);
    const first = await load(
      arrays({ layout: "NCHW", crop: { height: 2, width: 2 }, mean: [0, 16], std: [1, 2] }),
      { x: idx([1, 2, 4, 4], values) },
    );
    expect([first.encoders[0]?.itemShape, itemOf(first, 0)]).toEqual([
      [2, 2, 2],
      [5, 6, 9, 10, 2.5, 3, 4.5, 5],
    ]);
    const last = await load(
      arrays({ shape: [4, 4, 2], layout: "NHWC", resize: { height: 2, width: 2, method: "nearest" } }),
      { x: idx([1, 32], values) },
    );
    expect(last.encoders[0]?.itemShape).toEqual([2, 2, 2]);
    // Centres at 0.5 and 2.5: of two equally near rows and columns the first.
    expect(itemOf(last, 0)).toEqual([0, 1, 4, 5, 16, 17, 20, 21]);
  });

  it("are refused where they are none, or smaller than the crop", async () => {
    const flat = { x: idx([1, 16], new Array(16).fill(0)) };
    await expect(load(arrays({ crop: { height: 2, width: 2 } }), flat)).rejects.toThrow("items have [16]");
    const small = await load(arrays({ shape: [4, 4], crop: { height: 5, width: 2 } }), flat);
    expect(() => itemOf(small, 0)).toThrow("4 × 4 is smaller than the crop of 5 × 2");
    const table = { task: "regression", inputs: [{ to: 0, from: "x", crop: { height: 1, width: 1 } }] };
    await expect(load({ ...table, splits: { test: "t" } }, { t: "x,y\n1,2\n" })).rejects.toThrow(
      "a column of images",
    );
  });
});

describe("hashed words", () => {
  // scikit-learn 1.9.1: sklearn.utils.murmurhash3_32(text.encode(), seed, positive=True).
  it.each([
    ["", 0, 142_593_372],
    ["a", 1_009_084_850, 3_001_393_763],
    ["hat", 1_485_265_044, 3_259_972_071],
    ["the cat", 1_192_667_458, 3_257_565_905],
    ["Grüße", 1_791_607_040, 1_585_095_681],
    ["你好", 337_357_348, 1_077_796_686],
    ["MurmurHash3", 1_473_193_682, 2_195_567_924],
  ])("have the hash of %j that others compute", (text, plain, seeded) => {
    expect([murmur3(encode(text)), murmur3(encode(text), 42)]).toEqual([plain, seeded]);
  });

  it("are summed as scikit-learn's FeatureHasher(16, input_type='string') sums them", async () => {
    const dataset = await load(
      {
        task: "classification",
        inputs: [{ to: 0, from: "t", encode: "hash", length: 16 }],
        splits: { test: "t" },
      },
      { t: "t\tn\nThe cat, the HAT\t0\nGrüße, l'été — 你好 x2\t0\na b c d e f g\t0\n" },
    );
    expect([0, 1, 2].map((row) => itemOf(dataset, row))).toEqual([
      [0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, -2, 0],
      [1, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0],
      [0, -1, 1, 1, 0, 0, 0, 1, 0, 0, -1, 1, 0, -1, 0, 0],
    ]);
  });
});

describe("missing values", () => {
  const gaps = "x,z,y\n1,a,0\nNA,b,1\n5,,0\n,c,1\n7,d,\n";
  const manifest = (input: object, more: object = {}) => ({
    task: "classification",
    inputs: [{ to: 0, from: "x", ...input }],
    splits: { train: "a", test: "b" },
    ...more,
  });

  it("are an error unless the manifest says what they mean", async () => {
    await expect(load(manifest({}), { a: gaps, b: gaps })).rejects.toThrow(
      /"NA" is not a number in column "x"; say with `missing`.*a, line 3/,
    );
  });

  it("become a number, or the mean of train, also where only test is read", async () => {
    const files = { a: gaps, b: "x,z,y\nnull,a,0\n100,b,1\n" };
    const constant = await load(manifest({ missing: -1, scale: 2 }), files);
    expect([1, 3].map((row) => itemOf(constant, row))).toEqual([[-2], [-2]]);
    for (const options of [{}, { splits: ["test"] as const }]) {
      const mean = await load(manifest({ missing: "mean" }), files, options);
      expect(Array.from(mean.splits.test, (row) => itemOf(mean, row))).toEqual([[13 / 3], [100]]);
    }
    await expect(load({ ...manifest({ missing: "mean" }), splits: { test: "b" } }, files)).rejects.toThrow(
      "needs a train split",
    );
  });

  it("leave items out, of inputs, texts and labels, and say how many", async () => {
    const files = { a: gaps, b: "x,z,y\n1,a,0\n2,a,1\n" };
    const numbers = await load(manifest({ missing: "drop" }), files);
    expect([numbers.table.rows, numbers.dropped]).toEqual([5, 2]);
    expect(numbers.splits).toMatchObject({ train: Uint32Array.of(0, 1, 2), test: Uint32Array.of(3, 4) });
    const words = { from: "z", encode: "index", classes: ["a", "b", "c", "d"], missing: "drop" };
    const texts = await load(manifest(words, { label: { from: "y", missing: "drop" } }), files);
    expect(texts.dropped).toBe(2);
    expect(datasetRemarks(texts)[0]).toEqual({ key: "dataset.dropped", params: { count: 2 } });
    await expect(load(manifest({ missing: "drop" }), { a: "x,y\nNA,1\n", b: gaps })).rejects.toThrow(
      "Every item lacks a value",
    );
  });
});

describe("findLeaks", () => {
  const manifest = {
    task: "classification",
    inputs: [{ to: 0, from: ["a", "t"], dtype: "string" }],
    label: { from: "y" },
    splits: { train: "train", tuning: "tuning", test: "test" },
  };

  it("counts items that two splits share, whatever their labels", async () => {
    const dataset = await load(manifest, {
      train: "a,t,y\n1,p,0\n2,q,1\n3,r,0\n3,r,0\n",
      tuning: "a,t,y\n9,p,0\n2,q,0\n",
      test: "a,t,y\n2,q,0\n3,r,1\n3,r,1\n4,p,0\n",
    });
    const found = (split: string, other: string, count: number, total: number) => ({
      split,
      other,
      count,
      total,
    });
    expect(findLeaks(dataset)).toEqual([
      found("test", "train", 3, 4),
      found("test", "tuning", 1, 4),
      found("tuning", "train", 1, 2),
    ]);
    expect(datasetRemarks(dataset)).toHaveLength(3);
  });

  it("sees pictures and numbers, and no leak where there is none", async () => {
    const pictures = {
      task: "classification",
      inputs: [{ to: 0, from: "image", resize: { height: 2, width: 2 } }],
      splits: { train: "a.zip", test: "b.zip" },
    };
    const png = bytesOf(golden.png.rgb);
    const jpeg = bytesOf(golden.jpeg.baseline);
    const named = (content: Uint8Array) => zipOf([{ path: "a/1.png", content }]);
    const same = await load(pictures, { "a.zip": named(png), "b.zip": named(bytesOf(golden.png.palette)) });
    expect(findLeaks(same)).toMatchObject([{ count: 1, total: 1 }]);
    expect(findLeaks(await load(pictures, { "a.zip": named(png), "b.zip": named(jpeg) }))).toEqual([]);
    const numbers = { ...manifest, inputs: [{ to: 0, from: ["a", "b"] }] };
    const files = { train: "a,b,y\n1,2,0\n", tuning: "a,b,y\n2,1,0\n", test: "a,b,y\n1,1,0\n" };
    expect(findLeaks(await load(numbers, files))).toEqual([]);
  });
});

describe("how inputs are prepared", () => {
  it("is the same for training, calibration and test, and at every call", async () => {
    const dataset = await load(
      {
        task: "regression",
        inputs: [{ to: 0, from: ["x", "z"], missing: "mean", scale: 2, mean: [1, 2], std: [3, 4] }],
        label: { from: "y" },
        splits: { train: "t", test: "t", calibration: 1 },
      },
      { t: "x,z,y\n1,2,0\nNA,4,1\n5,?,0\n" },
    );
    const { train, test } = dataset.splits;
    const calibrated = calibrationRows(dataset).rows;
    const seen = new Map<string, string>();
    for (const row of [...train, ...calibrated, ...test, ...train]) {
      const place = String(row % 3);
      const values = itemOf(dataset, row).join();
      expect(seen.get(place) ?? values).toBe(values);
      seen.set(place, values);
    }
    expect(seen.size).toBe(3);
  });
});
