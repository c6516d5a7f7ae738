import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Draft } from "./draft.ts";
import { issueKeys, issuesOf } from "./issues.ts";

const good: Draft = {
  name: "digits",
  task: "classification",
  splits: { train: { images: "a.idx", labels: "b.idx" } },
  inputs: [{ to: 0, from: "images" }],
  label: { from: "labels" },
};
const files = ["a.idx", "b.idx"];
const wrong = (draft: Draft, with_ = files) => issuesOf(draft, with_).map(({ path, key }) => [path, key]);

describe("issuesOf", () => {
  it("finds nothing in a good manifest", () => expect(wrong(good)).toEqual([]));

  it("names the field that is empty", () => {
    expect(wrong({ ...good, name: "" })).toEqual([["name", "required"]]);
    expect(wrong({ ...good, label: { from: "" } })).toEqual([["label.from", "required"]]);
  });

  it("names files that nobody dropped", () =>
    expect(wrong(good, ["a.idx"])).toEqual([["splits.train.labels", "noFile"]]));

  it("knows the schema's own complaints, inside unions too", () => {
    expect(wrong({ ...good, splits: { file: "a.idx" } })).toContainEqual([
      "splits.seed",
      "needsColumnOrSeed",
    ]);
    expect(wrong({ ...good, splits: { file: "a.idx", seed: 1, test: 2.5 } })).toContainEqual([
      "splits.test",
      "amount",
    ]);
    expect(wrong({ ...good, inputs: [{ to: 0, from: "t", encode: "words", length: 4 }] })).toEqual([
      ["inputs.0.vocabulary", "wordsNeedFile"],
    ]);
  });

  it("gives the schema's words for a field that does not exist", () =>
    expect(issuesOf({ ...good, colour: "red" }, files)[0]).toMatchObject({ key: undefined }));
});

it("has a sentence for every complaint that the schema writes itself", () => {
  const source = readFileSync(
    new URL("../../engine/evaluate/dataset/manifest.schema.ts", import.meta.url),
    "utf8",
  );
  const written = [...source.matchAll(/complain\(\s*[^,]+,\s*"([^"]+)"/g)].map((found) => found[1] ?? "");
  expect(written.length).toBeGreaterThan(10);
  expect(written.filter((message) => !Object.hasOwn(issueKeys, message))).toEqual([]);
});
