import { describe, expect, it } from "vitest";
import { zipOf } from "#engine/testing/zip.ts";
import { itemOf, load } from "../testing/load.ts";
import * as golden from "./testing/golden.ts";
import { bytesOf } from "./testing/golden-bytes.ts";
import { wavOf } from "./testing/wav.ts";

const png = bytesOf(golden.png.rgb);
const jpeg = bytesOf(golden.jpeg.baseline);
const image = {
  task: "classification",
  inputs: [{ to: 0, from: "image", scale: 1 / 255 }],
  label: { from: "class" },
  splits: { test: "p.zip" },
};

describe("tables", () => {
  const regression = (file: string) => ({
    task: "regression",
    inputs: [{ to: 0, from: "x" }],
    label: { from: "y" },
    splits: { test: file },
  });

  it.each([
    ["tabs", "x\ty\n1\t2\n3\t4\n"],
    ["semicolons", "x;y\r\n1;2\r\n3;4\r\n"],
    ["bars and a byte-order mark", "\uFEFFx|y\n1|2\n3|4\n"],
    ["double colons", "x::y\n1::2\n3::4\n"],
    ["JSON lines", '{"x":1,"y":2}\n{"x":3,"y":4}\n'],
  ])("of %s are read without a word about the format", async (_name, text) => {
    const dataset = await load(regression("t.txt"), { "t.txt": text });
    expect([itemOf(dataset, 0), itemOf(dataset, 1)]).toEqual([[1], [3]]);
    expect(dataset.labels?.values).toEqual(Float64Array.of(2, 4));
  });

  it("of Parquet are read", async () => {
    const manifest = {
      ...regression("t.parquet"),
      inputs: [{ to: 0, from: "v" }],
      label: { from: "n" },
    };
    const dataset = await load(manifest, { "t.parquet": bytesOf(golden.parquet.snappy) });
    expect(itemOf(dataset, 2)).toEqual([5, 6]);
    expect(dataset.splits.test).toHaveLength(6);
  });

  it("of ratings are read, as user, item, rating and time", async () => {
    const ratings = {
      task: "ranking",
      csv: { header: false },
      inputs: [
        { to: "user", from: 0 },
        { to: "item", from: 1 },
      ],
      label: { from: 2, group: 0 },
      splits: { test: "ratings.dat" },
    };
    const rows = "1::1193::5::978300760\n1::661::3::978302109\n2::1357::5::978298709\n";
    for (const delimiter of ["::", "\t", ","]) {
      const dataset = await load(ratings, { "ratings.dat": rows.replaceAll("::", delimiter) });
      expect(dataset.labels).toMatchObject({
        values: Float64Array.of(5, 3, 5),
        groups: Int32Array.of(0, 0, 1),
      });
      expect([itemOf(dataset, 2, 0), itemOf(dataset, 2, 1)]).toEqual([[2], [1357]]);
    }
  });
});

describe("arrays", () => {
  const arrays = (source: object | string) => ({
    task: "classification",
    inputs: [{ to: 0, from: "x" }],
    label: { from: "y" },
    splits: { test: source },
  });

  it("stand in an NPZ file, of which only what is used is read", async () => {
    const dataset = await load(arrays("a.npz"), { "a.npz": bytesOf(golden.npz) });
    expect(itemOf(dataset, 1)).toEqual([6, 7, 8, 9, 10, 11]);
    expect(dataset.labels?.values).toEqual(Int32Array.of(3, 1));
    expect([...dataset.table.columns.keys()]).toEqual(["x", "y"]);
  });

  it("of an NPZ file are named one by one, beside files of their own", async () => {
    const files = { "a.npz": bytesOf(golden.npz), "x.npy": bytesOf(golden.npy["<f4"]) };
    const dataset = await load(arrays({ x: "x.npy", y: "a.npz:y" }), files);
    expect(dataset.labels?.values).toEqual(Int32Array.of(3, 1));
    await expect(load(arrays({ x: "x.npy", y: "a.npz:z" }), files)).rejects.toThrow(
      'no column "z" in a.npz; the columns are "x", "y", "other"',
    );
    await expect(load(arrays({ x: "x.npy", y: "a.npz:other" }), files)).rejects.toThrow("has 5");
    await expect(load(arrays("x.npy"), files)).rejects.toThrow("{images: FILE, labels: FILE}");
    await expect(load(arrays({ x: "a.npz", y: "x.npy" }), files)).rejects.toThrow('"a.npz:ARRAY"');
  });

  it("are not written into, whoever hands them over", async () => {
    // Bytes of Node's Buffer, whose slices share memory.
    const fortran = columnMajor();
    const before = fortran.toString("hex");
    const dataset = await load({ ...arrays({ x: "x.npy" }), label: undefined }, { "x.npy": fortran });
    expect([itemOf(dataset, 0), itemOf(dataset, 1)]).toEqual([
      [1, 3, 5],
      [2, 4, 6],
    ]);
    expect(fortran.toString("hex")).toBe(before);
  });

  it("with values that are none name the item", async () => {
    const bytes = bytesOf(golden.npy["<f4"]);
    new DataView(bytes.buffer).setFloat32(bytes.length - 4, Number.NaN, true);
    const files = { "a.npz": bytesOf(golden.npz), "x.npy": bytes };
    const source = { x: "x.npy", y: "a.npz:y" };
    await expect(load(arrays(source), files)).rejects.toThrow('item 1, column "x"');
    const filled = { ...arrays(source), inputs: [{ to: 0, from: "x", missing: -1 }] };
    expect(itemOf(await load(filled, files), 1).at(-1)).toBe(-1);
  });
});

/** uint8 of [2, 3] in Fortran order: 1 to 6 as they stand in the file. */
function columnMajor(): Buffer {
  const header = "{'descr': '|u1', 'fortran_order': True, 'shape': (2, 3), }".padEnd(117);
  return Buffer.concat([
    Buffer.from("\x93NUMPY\x01\x00\x76\x00", "latin1"),
    Buffer.from(`${header}\n`),
    Buffer.from([1, 2, 3, 4, 5, 6]),
  ]);
}

describe("pictures in a ZIP", () => {
  it("get their class from the folder, whatever lies beside them", async () => {
    const archive = zipOf([
      { path: "set/", content: "" },
      { path: "set/cat/1.png", content: png },
      { path: "set/dog/2.png", content: png, deflated: true },
      { path: "set/cat/.DS_Store", content: "x" },
      { path: "README.md", content: "about" },
    ]);
    const dataset = await load(image, { "p.zip": archive });
    expect(dataset.encoders[0]?.itemShape).toEqual([6, 8, 3]);
    expect(itemOf(dataset, 1).slice(3, 6)).toEqual([30 / 255, 0, 15 / 255]);
    expect(dataset.labels).toMatchObject({ names: ["cat", "dog"], values: Int32Array.of(0, 1) });
  });

  it("get their split from the folder above", async () => {
    const archive = zipOf([
      { path: "train/cat/1.png", content: png },
      { path: "val/cat/2.png", content: png },
      { path: "test/dog/3.png", content: png },
    ]);
    const splits = { file: "p.zip", column: "split" };
    const dataset = await load({ ...image, splits }, { "p.zip": archive });
    expect(dataset.splits).toMatchObject({
      train: Uint32Array.of(0),
      tuning: Uint32Array.of(1),
      test: Uint32Array.of(2),
    });
  });

  it("of different sizes are resized, or the two sizes are named", async () => {
    const archive = zipOf([
      { path: "a/1.png", content: png },
      { path: "b/2.jpg", content: jpeg },
    ]);
    await expect(load(image, { "p.zip": archive })).rejects.toThrow(/6 × 8 and 20 × 24.*resize: \{height: H/);
    const input = { to: 0, from: "image", resize: { shorter: 6 }, crop: { height: 6, width: 6 } };
    const dataset = await load({ ...image, inputs: [input] }, { "p.zip": archive });
    expect(dataset.encoders[0]?.itemShape).toEqual([6, 6, 3]);
    // The first is 6 high already, so that the crop alone moves it by one pixel.
    expect(itemOf(dataset, 0).slice(0, 3)).toEqual([30, 0, 15]);
    expect(itemOf(dataset, 1).every((value) => value >= 0 && value <= 255)).toBe(true);
  });

  it("have their channels last, whatever a manifest says", async () => {
    const archive = zipOf([{ path: "a/1.png", content: png }]);
    const manifest = { ...image, inputs: [{ to: 0, from: "image", layout: "NCHW" }] };
    await expect(load(manifest, { "p.zip": archive })).rejects.toThrow("say `layout: NHWC`");
  });

  it("become grey on demand", async () => {
    const archive = zipOf([{ path: "a/1.png", content: png }]);
    const dataset = await load({ ...image, image: { channels: 1 } }, { "p.zip": archive });
    expect(dataset.encoders[0]?.itemShape).toEqual([6, 8, 1]);
    expect(itemOf(dataset, 0)[1]).toBe(Math.round(0.299 * 30 + 0.114 * 15) / 255);
  });

  it.each([
    ["nothing", [], "has no files"],
    ["texts alone", [{ path: "a.txt", content: "a" }], "no images (PNG, JPEG)"],
    [
      "an archive",
      [
        { path: "a/1.png", content: png },
        { path: "b.zip", content: "PK" },
      ],
      "archive within",
    ],
    ["a pickle", [{ path: "archive/data.pkl", content: "\x80\x02" }], "torch.onnx.export"],
    [
      "sounds too",
      [
        { path: "a/1.png", content: png },
        { path: "a/1.wav", content: wavOf([0]) },
      ],
      "mixes images and audio",
    ],
    [
      "a program",
      [
        { path: "a/1.png", content: png },
        { path: "a/run.exe", content: "MZ" },
      ],
      "run.exe",
    ],
    ["what is no picture", [{ path: "a/1.png", content: "hello" }], "neither PNG nor JPEG"],
    ["half a picture", [{ path: "a/1.png", content: png.subarray(0, 60) }], "p.zip, a/1.png"],
  ])("are refused with %s", async (_name, parts, message) => {
    await expect(load(image, { "p.zip": zipOf(parts) })).rejects.toThrow(message);
  });
});

describe("sounds", () => {
  const audio = (file: string, about: object = { rate: 16_000, samples: 2 }) => ({
    task: "classification",
    audio: about,
    inputs: [{ to: 0, from: "audio" }],
    splits: { test: file },
  });
  const samples = [0, 0.5, -1, 0.25, -0.125];

  it("are cut into windows", async () => {
    const files = { "a.wav": wavOf(samples) };
    const dropped = await load(audio("a.wav", { rate: 16_000, samples: 2, rest: "drop" }), files);
    expect([itemOf(dropped, 0), itemOf(dropped, 1)]).toEqual([
      [0, 0.5],
      [-1, 0.25],
    ]);
    const padded = await load(audio("a.wav", { rate: 16_000, samples: 2, rest: "pad" }), files);
    expect(itemOf(padded, 2)).toEqual([-0.125, 0]);
    await expect(load(audio("a.wav"), files)).rejects.toThrow("5 frames, no multiple of 2");
  });

  it("of another rate are refused, not converted", async () => {
    const files = { "a.wav": wavOf(samples.slice(0, 4), { rate: 44_100 }) };
    await expect(load(audio("a.wav"), files)).rejects.toThrow("44100 Hz, the manifest says 16000");
    const { audio: _, ...without } = audio("a.wav");
    await expect(load(without, files)).rejects.toThrow("`audio: {rate: 44100, samples: N}`");
  });

  it("in a ZIP have classes, and all the same channels", async () => {
    const parts = [
      { path: "yes/1.wav", content: wavOf([0.5, 0.5, 0.25, 0.25], { channels: 2 }) },
      { path: "no/2.wav", content: wavOf([0, 0, 0, 0], { channels: 2 }) },
    ];
    const manifest = { ...audio("s.zip"), label: { from: "class" } };
    const dataset = await load(manifest, { "s.zip": zipOf(parts) });
    expect(dataset.encoders[0]?.itemShape).toEqual([2, 2]);
    expect(dataset.labels).toMatchObject({ names: ["no", "yes"], values: Int32Array.of(1, 0) });
    const mixed = zipOf([...parts, { path: "no/3.wav", content: wavOf([0, 0]) }]);
    await expect(load(manifest, { "s.zip": mixed })).rejects.toThrow("1 channels, yes/1.wav has 2");
  });
});
