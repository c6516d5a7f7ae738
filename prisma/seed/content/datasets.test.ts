import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { rowsOf } from "#engine/evaluate/dataset/dataset.ts";
import { words } from "#engine/evaluate/dataset/words.ts";
import { glyphs, ratings, topics } from "./index.ts";
import { load } from "./testing/score.ts";
import { generateTopics } from "./topics/generate.ts";
import { buildVocabulary, LENGTH } from "./topics/vocabulary.ts";
import type { DemoDataset } from "./types.ts";

/** One digest over the manifest and all files, names included. */
function digest({ manifestText, files }: DemoDataset): string {
  const hash = createHash("sha256").update(manifestText);
  for (const [name, bytes] of files) hash.update(`\n${name} ${bytes.length}\n`).update(bytes);
  return hash.digest("hex");
}

describe.each([
  {
    generate: glyphs,
    sha256: "e807b27afcc5d1dc552afbdd719f35317ba5ba186992e0a5cee7df729cf0ed4d",
    train: 12_000,
    test: 2_500,
  },
  {
    generate: topics,
    sha256: "1677bd5add7d99f956de131b89a3d08336a3eb83323e93226e8c7a583cbe1334",
    train: 10_000,
    test: 2_500,
  },
  {
    generate: ratings,
    sha256: "1e073db6069d7c3a577d764cb7548c54e673936930957e7136732e20e55c8d24",
    train: 80_000,
    test: 12_000,
  },
])("$generate.name", ({ generate, sha256, train, test }) => {
  const demo = generate();

  it("is the same, byte for byte, each time and on every machine", () => {
    expect(digest(demo)).toBe(sha256);
    expect(digest(generate())).toBe(sha256);
  });

  it("loads through its manifest, with all four splits", () => {
    const dataset = load(demo);
    expect(dataset.manifest.name).toBe(demo.name);
    expect(rowsOf(dataset, "train").length).toBe(train);
    expect(rowsOf(dataset, "test").length).toBe(test);
    expect(rowsOf(dataset, "calibration").length).toBe(300);
    expect(rowsOf(dataset, "tuning").length).toBeGreaterThanOrEqual(1000);
  });

  it("has every class about equally often", () => {
    const { labels, splits } = load(demo);
    if (labels?.kind !== "class") return expect(labels?.kind).toBe("value");
    const counts = labels.names.map(
      (_, label) => splits.test.filter((row) => labels.values[row] === label).length,
    );
    const even = test / counts.length;
    expect(Math.min(...counts)).toBeGreaterThan(even * 0.75);
    expect(Math.max(...counts)).toBeLessThan(even * 1.25);
  });

  it("comes with a card in both languages that states licence and seed", () => {
    for (const text of [demo.card.en, demo.card.zh]) {
      expect(text).toContain("CC0-1.0");
      expect(text).toMatch(/(seed is|种子为) \d+/);
      expect(text).not.toMatch(/undefined|NaN/);
    }
    expect(demo.card.zh).toMatch(/\p{Script=Han}/u);
  });
});

describe("texts", () => {
  const texts = generateTopics();

  it("never repeat, across splits either", () => {
    expect(new Set(texts.map(({ text }) => text)).size).toBe(texts.length);
  });

  it("have every slot filled and fit the length of the model's input", () => {
    for (const { text } of texts) {
      expect(text).not.toMatch(/[{}]|undefined/);
      expect(words(text, true).length).toBeLessThanOrEqual(LENGTH);
    }
  });

  it("hold a few words that the vocabulary lacks, and mostly words that it has", () => {
    const vocabulary = new Set(buildVocabulary(texts));
    const test = texts.filter(({ split }) => split === "test").flatMap(({ text }) => words(text, true));
    const unknown = test.filter((word) => !vocabulary.has(word)).length / test.length;
    expect(unknown).toBeGreaterThan(0.001);
    expect(unknown).toBeLessThan(0.05);
  });
});

it("rates a pair of user and item once", () => {
  const csv = new TextDecoder().decode(ratings().files.get("ratings.csv"));
  const pairs = csv
    .trim()
    .split("\n")
    .slice(1)
    .map((line) => line.split(",", 2).join());
  expect(new Set(pairs).size).toBe(pairs.length);
});
