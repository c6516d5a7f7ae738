import { readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type Dataset, loadDataset } from "#engine/evaluate/dataset/dataset.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { openFolder } from "#engine/runtime/dataset-files.ts";
import { mnistManifest } from "#engine/testing/mnist.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { ratings } from "#prisma/seed/content/ratings/dataset.ts";

const [trainImages, tuningImages] = [6_000, 2_000];

/** MNIST, with a part of its training images: enough to tell networks apart, in minutes. */
export function digits(): Dataset | undefined {
  const file = sharedData("data/datasets/mnist/train-images-idx3-ubyte.gz");
  if (file === undefined) return undefined;
  const whole = loadDataset(mnistManifest, openFolder(dirname(file)));
  const { train } = whole.splits;
  const tuning = train.slice(trainImages, trainImages + tuningImages);
  return { ...whole, splits: { ...whole.splits, train: train.slice(0, trainImages), tuning } };
}

/** Words of a sentence that are looked at; a few are longer. */
export const words = 32;
/** Most frequent words of the training sentences, with those for padding and for all others. */
export const vocabularySize = 1_200;

/** Of every twenty sentences: twelve to train, three to tune, five to test. */
const [trainOf20, tuningOf20] = [12, 15];

/** Sentences with an opinion, and the vocabulary of those to train on. */
export function opinions(): Dataset | undefined {
  const file = sharedData("data/datasets/sentiment-imdb/sentiment-imdb-train.txt");
  if (file === undefined) return undefined;
  const items = readFileSync(file, "utf8")
    .split(/\r?\n/)
    .flatMap((line) => {
      const [text = "", label = ""] = line.split("\t");
      return /^[01]$/.test(label.trim())
        ? [{ text: text.replaceAll(/\s+/g, " ").trim(), label: label.trim() }]
        : [];
    });
  const part = (from: number, to: number) => items.filter((_, at) => at % 20 >= from && at % 20 < to);
  const train = part(0, trainOf20);
  const counts = new Map<string, number>();
  for (const { text } of train)
    for (const word of text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [])
      counts.set(word, (counts.get(word) ?? 0) + 1);
  const frequent = [...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)).map(([word]) => word);
  const rows = (some: typeof items) => ["text\tlabel", ...some.map(({ text, label }) => `${text}\t${label}`)];
  const files = new Map([
    ["train.tsv", rows(train)],
    ["tuning.tsv", rows(part(trainOf20, tuningOf20))],
    ["test.tsv", rows(part(tuningOf20, 20))],
    ["words.txt", ["<pad>", "<unk>", ...frequent.slice(0, vocabularySize - 2)]],
  ]);
  const manifest = parseManifest(
    JSON.stringify({
      name: "opinions",
      task: "classification",
      splits: { train: "train.tsv", tuning: "tuning.tsv", test: "test.tsv" },
      csv: { delimiter: "\t", header: true, quotes: false },
      inputs: [
        { to: 0, from: "text", encode: "words", vocabulary: "words.txt", length: words, dtype: "int64" },
      ],
      label: { from: "label", classes: [0, 1] },
    }),
  );
  return loadDataset(manifest, (name) => new TextEncoder().encode((files.get(name) ?? []).join("\n")));
}

/** The generated ratings of the demo. */
export function ratingsData(): Dataset {
  const { manifestText, files } = ratings();
  return loadDataset(parseManifest(manifestText), (name) => files.get(name) ?? new Uint8Array());
}
