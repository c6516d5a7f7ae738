import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { loadSentences } from "../testing/bert.ts";
import { loadModel } from "../testing/describe.ts";
import { run } from "./testing/checks.ts";
import { errorsOn } from "./testing/errors.ts";

const bert = sharedData("data/huggingface/bert-sentiment");
const file = sharedData("data/datasets/sentiment-imdb/sentiment-imdb-train.txt");

/**
 * A copy in which two channels of every normalisation are larger than they were, as they are in larger BERTs. The
 * products take that much less from them; the residual sums get them as they are, so that it is another network.
 */
function withOutliers(source: Model, factor: number): Model {
  const model = cloneStructure(source);
  const { initializer, node } = model.graph;
  const change = (name: string, by: number, rows: boolean) => {
    const at = initializer.findIndex((entry) => entry.name === name);
    const tensor = initializer[at];
    if (tensor === undefined) throw new Error(`no initialiser "${name}"`);
    const columns = rows ? (tensor.dims[1] ?? 1) : 1;
    const values = readFloats(tensor).map((value, flat) =>
      [7, 40].includes(Math.floor(flat / columns)) ? value * by : value,
    );
    initializer[at] = makeTensor(name, "float32", [...tensor.dims], values);
  };
  for (const norm of node.filter(({ opType }) => opType === "LayerNormalization")) {
    change(norm.input[1] ?? "", factor, false);
    const readers = node.filter(({ opType, input }) => opType === "MatMul" && input[0] === norm.output[0]);
    for (const { input } of readers) change(input[1] ?? "", 1 / factor, true);
  }
  return model;
}

describe.skipIf(bert === undefined || file === undefined)("SmoothQuant on a trained BERT", () => {
  const { calibration, test } = loadSentences(bert ?? "", file ?? "", 200);

  // The bound is a part of the error without it: an even network has nothing to gain, and must not lose.
  it.each([
    { outliers: 1, format: "qdq", per_channel: true, bound: 1.1 },
    { outliers: 1, format: "qoperator", per_channel: false, bound: 1.1 },
    { outliers: 3, format: "qdq", per_channel: true, bound: 0.6 },
    { outliers: 3, format: "qoperator", per_channel: false, bound: 0.6 },
  ])(
    "$outliers times its outliers, $format, per channel: $per_channel",
    async ({ outliers, bound, ...options }) => {
      const source = withOutliers(loadModel(join(bert ?? "", "model.onnx")), outliers);
      const plain = await run(source, options, calibration);
      const smoothed = await run(source, { ...options, smooth_quant: true }, calibration);
      // All products but those of two activations and the one that reads attention's result.
      const products = smoothed.result.changed.filter(({ what }) => what.includes("smoothed"));
      expect(products).toHaveLength(12);
      const before = (await errorsOn(test, source, plain.changed)).relative;
      const after = (await errorsOn(test, source, smoothed.changed)).relative;
      console.log(
        `outliers ×${outliers}, ${JSON.stringify(options)}: ${before.toFixed(4)}, smoothed ${after.toFixed(4)}`,
      );
      expect(after).toBeLessThan(before * bound);
    },
  );
});
