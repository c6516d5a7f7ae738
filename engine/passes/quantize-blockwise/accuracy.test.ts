import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { openFolder } from "#engine/runtime/dataset-files.ts";
import { calibrationOf, loadExecutable } from "#engine/runtime/tools.ts";
import { mnistManifest } from "#engine/testing/mnist.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { compressModel } from "../../compress.ts";
import { loadDataset, rowsOf } from "../../evaluate/dataset/dataset.ts";
import type { FeedBatch } from "../../evaluate/dataset/feeds.ts";
import { makeFeeds } from "../../evaluate/dataset/feeds.ts";
import type { ModelSignature } from "../../evaluate/tensors/tensor.ts";
import { checkRecipe } from "../../recipes.ts";
import type { CalibrationData } from "../pass.ts";
import { loadModel } from "../testing/describe.ts";

const sizeOf = (model: Model) => encodeModel(model).reduce((sum, chunk) => sum + chunk.length, 0);

/** Share of the rows whose largest output is that of their label, and the mean square of what the logits moved by. */
async function score(
  model: Model,
  batches: (signature: ModelSignature) => Iterable<FeedBatch>,
  labels: ArrayLike<number>,
) {
  const session = await loadExecutable(model);
  const output = session.signature.outputs[0]?.name ?? "";
  let [right, total] = [0, 0];
  const logits: number[] = [];
  for (const { feeds, rows } of batches(session.signature)) {
    const result = (await session.run(feeds))[output];
    const classes = result?.dims.at(-1) ?? 1;
    rows.forEach((row, at) => {
      const values = Array.from(result?.data.slice(at * classes, (at + 1) * classes) ?? [], Number);
      logits.push(...values);
      if (values.indexOf(Math.max(...values)) === Number(labels[row])) right++;
      total++;
    });
  }
  await session.release();
  return { accuracy: right / total, logits };
}

async function compressed(model: Model, options: object, calibration: CalibrationData): Promise<Model> {
  const recipe = checkRecipe({ name: "t", steps: [{ use: "quantize.blockwise", ...options }] });
  const result = await compressModel(model, recipe, { tools: { load: loadExecutable, calibration } });
  expect(result.outcome).toBe("compressed");
  return result.model;
}

/** Scores the original and every variant; the distance of the logits is relative to the original's. */
async function table(
  model: Model,
  variants: readonly object[],
  batches: (signature: ModelSignature) => Iterable<FeedBatch>,
  labels: ArrayLike<number>,
  calibration: CalibrationData,
) {
  const original = await score(model, batches, labels);
  const size = original.logits.reduce((sum, value) => sum + value * value, 0);
  const rows = [];
  for (const options of variants) {
    const changed = await compressed(model, options, calibration);
    const { accuracy, logits } = await score(changed, batches, labels);
    const moved =
      logits.reduce((sum, value, at) => sum + (value - (original.logits[at] ?? 0)) ** 2, 0) / size;
    rows.push({ options, accuracy, moved, ratio: sizeOf(changed) / sizeOf(model) });
  }
  const lines = rows.map(
    ({ options, accuracy, moved, ratio }) =>
      `${JSON.stringify(options)}: accuracy ${accuracy.toFixed(4)}, logits moved by ${moved.toExponential(2)}, size ×${ratio.toFixed(3)}`,
  );
  console.log(`float32: accuracy ${original.accuracy.toFixed(4)}\n${lines.join("\n")}`);
  return { original, rows };
}

const variants = [32, 128].flatMap((block_size) => [
  { block_size },
  { block_size, symmetric: false },
  { block_size, algorithm: "hqq" },
  { block_size, algorithm: "gptq" },
  { block_size, symmetric: false, algorithm: "gptq" },
]);
const every = [...variants, { bits: 8 }];

const digits = sharedData("data/datasets/mnist");
const cnn = sharedData("data/onnx/mnist/cnn_max_mninst2.onnx");

describe.skipIf(digits === undefined || cnn === undefined)("a CNN on MNIST", () => {
  it("keeps its accuracy on 2,000 test images; GPTQ moves the logits least", {
    timeout: 60_000,
  }, async () => {
    const dataset = loadDataset(mnistManifest, openFolder(digits ?? ""), {});
    const rows = rowsOf(dataset, "test").slice(0, 2000);
    const { labels } = dataset;
    if (labels?.kind !== "class") throw new Error("no classes");
    const classes = labels.values;
    const { original, rows: found } = await table(
      loadModel(cnn ?? ""),
      every,
      (signature) => makeFeeds(dataset, signature, rows, 100),
      classes,
      calibrationOf(dataset, 200),
    );
    for (const { accuracy } of found) expect(accuracy).toBeGreaterThan(original.accuracy - 0.01);
    const moved = (wanted: object) =>
      found.find(({ options }) => JSON.stringify(options) === JSON.stringify(wanted))?.moved ?? Number.NaN;
    for (const block_size of [32, 128]) {
      expect(moved({ block_size, algorithm: "gptq" })).toBeLessThan(moved({ block_size }));
      expect(moved({ block_size, symmetric: false, algorithm: "gptq" })).toBeLessThan(
        moved({ block_size, symmetric: false }),
      );
    }
    expect(moved({ bits: 8 })).toBeLessThan(1e-4);
  });
});

const bert = sharedData("data/huggingface/bert-sentiment");
const sentences = sharedData("data/datasets/sentiment-imdb/sentiment-imdb-train.txt");

/** BERT's WordPiece for plain ASCII, at most 64 tokens. */
function tokenizer(folder: string): (text: string) => number[] {
  const { model } = JSON.parse(readFileSync(join(folder, "tokenizer.json"), "utf8"));
  const vocabulary: Record<string, number> = model.vocab;
  const pieces = (word: string): number[] => {
    const found: number[] = [];
    for (let start = 0; start < word.length; ) {
      let end = word.length;
      const piece = () => vocabulary[(start > 0 ? "##" : "") + word.slice(start, end)];
      while (end > start && piece() === undefined) end--;
      const id = piece();
      if (id === undefined || end === start) return [1];
      found.push(id);
      start = end;
    }
    return found;
  };
  return (text) => {
    const words = text.toLowerCase().match(/[a-z0-9]+|[^a-z0-9\s]/g) ?? [];
    return [2, ...words.flatMap(pieces).slice(0, 62), 3];
  };
}

function batchesOf(texts: readonly string[], tokens: (text: string) => number[], size: number): FeedBatch[] {
  const out: FeedBatch[] = [];
  for (let start = 0; start < texts.length; start += size) {
    const ids = texts.slice(start, start + size).map(tokens);
    const length = Math.max(...ids.map((list) => list.length));
    const dims = [ids.length, length];
    const tensor = (at: (list: number[], position: number) => number) => ({
      dtype: "int64" as const,
      dims,
      data: BigInt64Array.from(
        ids.flatMap((list) => Array.from({ length }, (_, position) => BigInt(at(list, position)))),
      ),
    });
    out.push({
      feeds: {
        input_ids: tensor((list, position) => list[position] ?? 0),
        attention_mask: tensor((list, position) => (position < list.length ? 1 : 0)),
      },
      rows: Uint32Array.from(ids, (_, row) => start + row),
      size: ids.length,
    });
  }
  return out;
}

describe.skipIf(bert === undefined || sentences === undefined)("BERT on the sentiment of sentences", () => {
  const reference = bert && JSON.parse(readFileSync(join(bert, "reference.json"), "utf8"));
  const tokens = bert === undefined ? () => [] : tokenizer(bert);

  it("tokenises as the reference does", () => {
    for (const at of [0, 1, 4]) {
      const expected: number[] = reference.inputs.input_ids[at];
      expect(tokens(reference.texts[at])).toEqual(expected.filter((id) => id !== 0));
    }
  });

  it("keeps its accuracy on its 200 test sentences", { timeout: 60_000 }, async () => {
    const held = new Set<string>(reference.testTexts.map((text: string) => text.trim()));
    const training = readFileSync(sentences ?? "", "utf8")
      .split("\n")
      .map((line) => (line.split("\t")[0] ?? "").trim())
      .filter((text) => text !== "" && !held.has(text))
      .slice(0, 200);
    expect(training).toHaveLength(200);
    const calibration: CalibrationData = {
      items: training.length,
      description: "200 training sentences",
      batches: () => batchesOf(training, tokens, 20),
    };
    const { original, rows } = await table(
      loadModel(join(bert ?? "", "model.onnx")),
      every,
      () => batchesOf(reference.testTexts, tokens, 20),
      reference.testLabels,
      calibration,
    );
    expect(original.accuracy).toBeCloseTo(Number(reference.testAccuracy), 2);
    for (const { accuracy } of rows) expect(accuracy).toBeGreaterThan(original.accuracy - 0.03);
  });
});
