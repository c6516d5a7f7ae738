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
import { loadSentences, tokenizer } from "../testing/bert.ts";
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

describe.skipIf(bert === undefined || sentences === undefined)("BERT on the sentiment of sentences", () => {
  it("tokenises as the reference does", () => {
    const reference = JSON.parse(readFileSync(join(bert ?? "", "reference.json"), "utf8"));
    const tokens = tokenizer(bert ?? "");
    for (const at of [0, 1, 4]) {
      const expected: number[] = reference.inputs.input_ids[at];
      expect(tokens(reference.texts[at])).toEqual(expected.filter((id) => id !== 0));
    }
  });

  it("keeps its accuracy on its 200 test sentences", { timeout: 60_000 }, async () => {
    const { calibration, test, labels, accuracy } = loadSentences(bert ?? "", sentences ?? "", 200);
    expect(calibration.items).toBe(200);
    const { original, rows } = await table(
      loadModel(join(bert ?? "", "model.onnx")),
      every,
      test.batches,
      labels,
      calibration,
    );
    expect(original.accuracy).toBeCloseTo(accuracy, 2);
    for (const row of rows) expect(row.accuracy).toBeGreaterThan(original.accuracy - 0.03);
  });
});
