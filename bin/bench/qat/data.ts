import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { type Dataset, loadDataset } from "#engine/evaluate/dataset/dataset.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { randomStream, shuffle } from "#engine/evaluate/statistics/random.ts";
import { mnistManifest } from "#engine/testing/mnist.ts";
import { sharedData } from "#engine/testing/shared.ts";

const text = (content: string) => new TextEncoder().encode(content);

/** Images of an IDX file begin here, labels of one there. */
const headers = { images: 16, labels: 8 };
const trainImages = 6000;
const tuningImages = 1000;

/** The first 6,000 training images of MNIST, of which 1,000 are to tune on, and all test images. */
export function mnistSubset(): Dataset | undefined {
  const folder = sharedData("data/datasets/mnist");
  if (folder === undefined) return undefined;
  const manifest = parseManifest(
    JSON.stringify({
      ...mnistManifest,
      splits: { ...mnistManifest.splits, tuning: tuningImages },
      inputs: mnistManifest.inputs.map((input) => ({ ...input, shape: [1, 28, 28] })),
    }),
  );
  return loadDataset(manifest, (name) => {
    const bytes = Uint8Array.from(gunzipSync(readFileSync(`${folder}/${name}`)));
    return name.startsWith("train-") ? firstOf(bytes, name.includes("images") ? "images" : "labels") : bytes;
  });
}

function firstOf(bytes: Uint8Array<ArrayBuffer>, kind: keyof typeof headers): Uint8Array<ArrayBuffer> {
  const view = new DataView(bytes.buffer);
  const each = (bytes.length - headers[kind]) / view.getUint32(4);
  const part = bytes.slice(0, headers[kind] + trainImages * each);
  new DataView(part.buffer).setUint32(4, trainImages);
  return part;
}

const words = (sentence: string) => sentence.toLowerCase().match(/[a-z']+/g) ?? [];
/** Words that fewer sentences have are unknown ones. */
const leastSentences = 2;
const sentences = { train: 600, tuning: 150 };

/** Sentences on films, and how many words those to train on have, and the two that stand for none. */
export function sentiment(seed: number): { dataset: Dataset; vocabulary: number } | undefined {
  const path = sharedData("data/datasets/sentiment-imdb/sentiment-imdb-train.txt");
  if (path === undefined) return undefined;
  const all = readFileSync(path, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, sentence = "", label = ""] = /^(.*?)\s*\t([01])\s*$/.exec(line) ?? [];
      return label === "" ? [] : [{ sentence: words(sentence).join(" "), label }];
    });
  const order = shuffle(Uint32Array.from(all.keys()), randomStream(seed));
  const mixed = Array.from(order, (at) => all[at]!);
  const train = mixed.slice(0, sentences.train);
  const counts = new Map<string, number>();
  for (const { sentence } of train)
    for (const word of new Set(sentence.split(" "))) counts.set(word, (counts.get(word) ?? 0) + 1);
  const known = [...counts].filter(([, count]) => count >= leastSentences).map(([word]) => word);
  const lines = ["<pad>", "<unk>", ...known.sort()];
  const csv = (items: typeof all) =>
    text(["text\tlabel", ...items.map(({ sentence, label }) => `${sentence}\t${label}`)].join("\n"));
  const end = sentences.train + sentences.tuning;
  const files: Readonly<Record<string, Uint8Array>> = {
    "train.tsv": csv(train),
    "tuning.tsv": csv(mixed.slice(sentences.train, end)),
    "test.tsv": csv(mixed.slice(end)),
    "words.txt": text(lines.join("\n")),
  };
  const manifest = parseManifest(
    JSON.stringify({
      name: "sentiment",
      task: "classification",
      splits: { train: "train.tsv", tuning: "tuning.tsv", test: "test.tsv" },
      csv: { delimiter: "\t", header: true },
      inputs: [{ to: 0, from: "text", encode: "words", vocabulary: "words.txt", length: 24, dtype: "int64" }],
      label: { from: "label" },
    }),
  );
  const dataset = loadDataset(manifest, (name) => files[name] ?? new Uint8Array());
  return { dataset, vocabulary: lines.length };
}

const people = 200;
const things = 150;
const hidden = 4;
const ratingCounts = { train: 6000, tuning: 1000, test: 2000 };

/** Made-up ratings of which the noise alone cannot be learned: its deviation is 0.3. */
export function ratings(seed: number): Dataset {
  const random = randomStream(seed);
  const vectors = (count: number) =>
    Array.from({ length: count }, () =>
      Array.from({ length: hidden }, () => random.normal() / Math.sqrt(hidden)),
    );
  const [users, items] = [vectors(people), vectors(things)];
  const rows = (count: number) =>
    Array.from({ length: count }, () => {
      const [user, item] = [random.below(people), random.below(things)];
      const taste = users[user]!.reduce((sum, value, at) => sum + value * (items[item]![at] ?? 0), 0);
      return `${user},${item},${3 + 2 * taste + 0.3 * random.normal()}`;
    });
  const splits = Object.fromEntries(
    Object.entries(ratingCounts).map(([split, count]) => [
      `${split}.csv`,
      text(["user,item,rating", ...rows(count)].join("\n")),
    ]),
  );
  const manifest = parseManifest(
    JSON.stringify({
      name: "ratings",
      task: "regression",
      splits: { train: "train.csv", tuning: "tuning.csv", test: "test.csv" },
      inputs: [
        { to: "user", from: "user", dtype: "int64" },
        { to: "item", from: "item", dtype: "int64" },
      ],
      label: { from: "rating" },
    }),
  );
  return loadDataset(manifest, (name) => splits[name] ?? new Uint8Array());
}
