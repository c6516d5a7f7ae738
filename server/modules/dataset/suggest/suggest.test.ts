import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import * as golden from "#engine/evaluate/dataset/formats/testing/golden.ts";
import { bytesOf } from "#engine/evaluate/dataset/formats/testing/golden-bytes.ts";
import { wavOf } from "#engine/evaluate/dataset/formats/testing/wav.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { zipOf } from "#engine/testing/zip.ts";
import { guessManifest } from "./guess.ts";
import { headBytes } from "./head.ts";
import { look } from "./look.ts";
import { unequalCounts } from "./mismatch.ts";

const head = (name: string, content: Uint8Array | string) => {
  const bytes = Buffer.from(content);
  return { name, bytes: bytes.subarray(0, headBytes), isWhole: bytes.length <= headBytes };
};
const guess = (files: Record<string, Uint8Array | string>) =>
  guessManifest(Object.entries(files).map(([name, content]) => look(head(name, content))));

describe("looking at a table", () => {
  it("tells types, header and delimiter", () => {
    expect(look(head("a.csv", "id;size;name\n1;0.5;x y\n2;1;z\n"))).toEqual({
      name: "a.csv",
      kind: "csv",
      hasHeader: true,
      quotes: true,
      columns: [
        { name: "id", type: "integer", distinct: 2, examples: ["1", "2"] },
        { name: "size", type: "number", distinct: 2, examples: ["0.5", "1"] },
        { name: "name", type: "text", distinct: 2, examples: ["x y", "z"] },
      ],
    });
  });

  it("names columns by position where there is no header", () => {
    const { hasHeader, columns } = look(head("a.csv", "1,2\n3,4\n"));
    expect(hasHeader).toBe(false);
    expect(columns?.map((column) => column.name)).toEqual(["0", "1"]);
  });

  it("never trips over the cut at the end of what is looked at", () => {
    const row = "é,ü,1\n";
    const text = `a,b,c\n${row.repeat(Math.ceil(headBytes / Buffer.byteLength(row)) + 10)}`;
    for (const lead of ["", "x", "xy", "xyz"]) {
      expect(look(head("a.csv", lead + text)).kind).toBe("csv");
    }
  });

  it("reads prose with stray quotation marks", () => {
    expect(look(head("a.tsv", 'He said "no\t1\nfine\t0\n')).columns).toHaveLength(2);
  });

  it.each([
    ["one word a line", "the\na\ncat\n", "lines"],
    ["binary", Buffer.from([1, 2, 0, 255, 254]), "unknown"],
    ["rows of different length", "a,b\n1,2,3\n4\n", "unknown"],
    ["nothing", "", "unknown"],
    ["an IDX header that promises nine dimensions", Buffer.from([0, 0, 8, 9, 0, 0, 0, 1]), "unknown"],
    ["an IDX header that is cut", Buffer.from([0, 0, 8, 3, 0, 0]), "unknown"],
  ])("%s", (_name, content, kind) => {
    expect(look(head("f", content)).kind).toBe(kind);
  });
});

describe("guessing a manifest", () => {
  it("cuts the only file by seed", () => {
    expect(guess({ "flowers.csv": "a,b,species\n1,2,x\n3,4,y\n" })).toMatchObject({
      name: "flowers",
      task: "classification",
      splits: { file: "flowers.csv", seed: 0, test: 0.2 },
      inputs: [{ to: 0, from: ["a", "b"] }],
      label: { from: "species" },
    });
  });

  it("takes the splits that a column names", () => {
    expect(guess({ "a.csv": "x,label,split\n1,0,train\n2,1,test\n" })).toMatchObject({
      splits: { file: "a.csv", column: "split" },
      inputs: [{ from: ["x"] }],
    });
  });

  it("sees ratings", () => {
    expect(guess({ "r.csv": "userId,movieId,rating\n1,7,3.5\n2,8,4\n" })).toMatchObject({
      task: "ranking",
      inputs: [
        { to: 0, from: "userId" },
        { to: 1, from: "movieId" },
      ],
      label: { from: "rating", group: "userId" },
    });
  });

  it("sees text with its vocabulary", () => {
    const files = { "train.csv": "text,label\na cat,0\nthe dog ran,1\n", "vocab.txt": "<pad>\na\ncat\n" };
    expect(guess(files)).toMatchObject({
      splits: { train: "train.csv" },
      inputs: [{ from: "text", encode: "words", vocabulary: "vocab.txt" }],
      label: { from: "label" },
    });
  });

  it.each([
    ["tables with different columns", { "train.csv": "a,b\n1,2\n", "test.csv": "a,c\n1,2\n" }],
    ["two tables that say nothing of splits", { "one.csv": "a,b\n1,2\n", "two.csv": "a,b\n1,2\n" }],
    ["prose without a vocabulary", { "t.csv": "text,label\na cat,0\nthe dog,1\n" }],
    ["a vocabulary alone", { "vocab.txt": "a\nb\n" }],
    ["no files", {}],
  ])("says nothing about %s", (_name, files) => {
    expect(guess(files)).toBeUndefined();
  });
});

describe("labels that are not those of the items", () => {
  const array = (name: string, ...shape: number[]) => ({
    name,
    kind: "idx" as const,
    array: { dtype: "uint8", shape },
  });

  it.each([
    ["of the same split", "test-images", "test-labels"],
    ["of another split", "test-images", "train-labels"],
    ["of no split", "images", "labels"],
  ])("%s are named with both counts", (_name, items, labels) => {
    expect(unequalCounts([array(items, 10_000, 28, 28), array(labels, 60_000)])).toEqual({
      items: { file: items, count: 10_000 },
      labels: { file: labels, count: 60_000 },
    });
  });

  it("is not said of pairs, of images alone or of labels alone", () => {
    const pair = [array("test-images", 10, 2, 2), array("test-labels", 10)];
    expect(unequalCounts(pair)).toBeUndefined();
    expect(unequalCounts([...pair, array("train-images", 30, 2, 2)])).toBeUndefined();
    expect(unequalCounts([array("labels", 30)])).toBeUndefined();
  });
});

describe("files that are no tables of text", () => {
  const png = bytesOf(golden.png.rgb);

  it("are seen for what they are", () => {
    expect(look(head("a.npy", bytesOf(golden.npy["<f4"])))).toEqual({
      name: "a.npy",
      kind: "npy",
      array: { dtype: "float32", shape: [2, 3, 2] },
    });
    expect(look(head("a.jsonl", '{"x":1,"t":"a"}\n{"x":2.5,"ok":true}\n')).columns).toMatchObject([
      { name: "x", type: "number", distinct: 2 },
      { name: "t", type: "text" },
      { name: "ok", type: "text", examples: ["", "1"] },
    ]);
    expect(look(head("a.wav", wavOf([0], { rate: 8000 })))).toMatchObject({ kind: "wav", rate: 8000 });
    expect(look(head("a.npz", bytesOf(golden.npz))).kind).toBe("arrays");
    expect(look(head("a.zip", zipOf([{ path: "a.txt", content: "a" }]))).kind).toBe("unknown");
    expect(look(head("a.parquet", bytesOf(golden.parquet.none))).kind).toBe("parquet");
    expect(look(head("a.npy", bytesOf(golden.npy.objects))).kind).toBe("unknown");
    expect(look(head("a", "version https://git-lfs.github.com/spec/v1\noid sha256:0\n")).kind).toBe(
      "unknown",
    );
  });

  it("give a manifest that reads them", () => {
    const cats = zipOf([
      { path: "set/", content: "" },
      { path: "set/cat/1.png", content: png, deflated: true },
    ]);
    expect(guess({ "pets.zip": cats })).toMatchObject({
      name: "pets",
      splits: { file: "pets.zip", seed: 0, test: 0.2 },
      inputs: [{ to: 0, from: "image", resize: { height: 224, width: 224 }, layout: "NHWC" }],
      label: { from: "class" },
    });
    const split = zipOf([{ path: "train/cat/1.png", content: png }]);
    expect(guess({ "pets.zip": split })?.splits).toEqual({ file: "pets.zip", column: "split" });
    expect(guess({ "pets-train.zip": cats, "pets-test.zip": cats })?.splits).toEqual({
      train: "pets-train.zip",
      test: "pets-test.zip",
    });
    expect(guess({ "a.wav": wavOf([0], { rate: 8000 }) })).toMatchObject({
      audio: { rate: 8000, samples: 8000, rest: "pad" },
      inputs: [{ to: 0, from: "audio" }],
    });
    expect(guess({ "t.jsonl": '{"x":1,"label":"a"}\n{"x":2,"label":"b"}\n' })).toMatchObject({
      inputs: [{ from: ["x"] }],
      label: { from: "label" },
    });
  });
});

const shared = sharedData("data/datasets");

describe.skipIf(!shared)("files that others made", () => {
  const of = (...names: string[]) =>
    guess(
      Object.fromEntries(
        names.map((name) => [name.split("/").at(-1) ?? "", readFileSync(`${shared}/${name}`)]),
      ),
    );

  it("iris", () => {
    expect(of("iris/iris-train.txt", "iris/iris-test.txt")).toMatchObject({
      name: "iris",
      task: "classification",
      splits: { train: "iris-train.txt", test: "iris-test.txt" },
      label: { from: "#Label" },
    });
  });

  it("optdigits, which has no header and its label last", () => {
    const manifest = of("optdigits/optdigits-train.csv", "optdigits/optdigits-test.csv");
    expect(manifest).toMatchObject({ task: "classification", csv: { header: false }, label: { from: 64 } });
    expect(manifest?.inputs[0]?.from).toEqual(Array.from({ length: 64 }, (_, index) => index));
  });

  it("bike-sharing", () => {
    const manifest = of("bike-sharing/hour_train.csv", "bike-sharing/hour_test.csv");
    expect(manifest).toMatchObject({ task: "regression", label: { from: "cnt" } });
    expect(manifest?.inputs[0]?.from).not.toContain("instant");
  });
});
