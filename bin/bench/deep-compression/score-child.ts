import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeDeep } from "#engine/deep/decode.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { evaluateModel } from "#engine/runtime/evaluate-model.ts";
import { openModel } from "#engine/runtime/model-file.ts";
import { weightBytes } from "./count.ts";
import { mnistSplits } from "./dataset.ts";
import { files } from "./request.ts";
import type { DeepScore } from "./result.schema.ts";

/** Decodes and scores. This process knows nothing but the two files and the test split. Prints a `DeepScore`. */
const [folder = "", mnist = "", items = ""] = process.argv.slice(2);
const deep = readFileSync(join(folder, files.deep));
const file = decodeDeep(deep);
const work = mkdtempSync(join(tmpdir(), "parsimony-deep-"));
try {
  const restored = join(work, "restored.onnx");
  writeFileSync(restored, file);
  const open = (path: string) => ({ path, ...openModel(path) });
  const whole = mnistSplits(mnist, ["test"]);
  const test = whole.splits.test.slice(0, Number(items));
  const measurements = await evaluateModel({
    candidate: open(restored),
    against: open(join(folder, files.baseline)),
    dataset: { ...whole, splits: { ...whole.splits, test } },
    performance: false,
    engineVersion: "results",
    seed: 0,
  });
  const measured = (name: string) => measurements.find((one) => one.name === name);
  const top1 = measured("quality/top1");
  const change = top1?.baselineDelta;
  if (top1?.value == null || change === undefined || typeof change.interval === "string")
    throw new Error("no accuracy was measured beside the baseline's");
  const score: DeepScore = {
    testItems: test.length,
    baselineErrors: Math.round((1 - top1.value + change.value) * test.length),
    errors: Math.round((1 - top1.value) * test.length),
    increase: -change.value,
    increaseLow: -change.interval.high,
    increaseHigh: -change.interval.low,
    interval: change.method,
    deepBytes: deep.length,
    onnxBytes: file.length,
    sparsity: measured("size/sparsity")?.value ?? 0,
    weights: weightBytes(file, decodeModel(file)),
  };
  process.stdout.write(JSON.stringify(score));
} finally {
  rmSync(work, { recursive: true, force: true });
}
