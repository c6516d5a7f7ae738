import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { compressModel } from "#engine/compress.ts";
import { english } from "#engine/english.ts";
import { type Dataset, loadDataset } from "#engine/evaluate/dataset/dataset.ts";
import { parseManifest } from "#engine/evaluate/dataset/manifest.ts";
import { checkRecipe } from "#engine/recipes.ts";
import { openFolder } from "#engine/runtime/dataset-files.ts";
import { trainingOf } from "#engine/runtime/tools.ts";
import { mnistManifest } from "#engine/testing/mnist.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { mlp } from "#engine/train/catalogue/mlp.ts";
import { lossSchema } from "#engine/train/losses/loss.schema.ts";
import { loadModel } from "../testing/describe.ts";
import { Observed } from "./observed.ts";
import { Respondent } from "./respondent.ts";

const models = sharedData("data/onnx/mnist");
const images = sharedData("data/datasets/mnist/train-images-idx3-ubyte.gz");
const digits = sharedData("data/datasets/optdigits/optdigits-train.csv");

describe.skipIf(digits === undefined)("optdigits", () => {
  it("a network with half of its units goes on nearly as well, taught by the whole", async () => {
    const manifest = parseManifest(
      JSON.stringify({
        name: "optdigits",
        task: "classification",
        splits: { train: "optdigits-train.csv", tuning: 0.2, seed: 1 },
        inputs: [{ to: 0, from: "0..63", shape: [64], scale: 1 / 16, dtype: "float32" }],
        label: { from: 64 },
      }),
    );
    const dataset = loadDataset(manifest, openFolder(dirname(digits ?? "")), { splits: ["train", "tuning"] });
    const tools = { training: trainingOf(dataset) };
    const recipe = (...steps: object[]) => checkRecipe({ name: "digits", seed: 3, steps });
    const start = mlp({ input: [64], hidden: [32], outputs: 10 }, 2);
    const whole = await compressModel(
      start,
      recipe({ use: "train.finetune", epochs: 8, learning_rate: 0.01 }),
      { tools },
    );
    const half = await compressModel(
      whole.model,
      recipe(
        { use: "prune.structured", ratio: 0.5 },
        { use: "train.distill", epochs: 6, learning_rate: 0.005 },
      ),
      { tools },
    );
    const said = half.steps[1]?.changed.map(({ what }) => english(what)) ?? [];
    const teacher = Number(
      /^accuracy of the teacher .*: ([\d.]+)%/.exec(said.join("\n").split("\n")[3] ?? "")?.[1],
    );
    const [, before, after] = /: ([\d.]+)% before, ([\d.]+)% after/.exec(said[1] ?? "") ?? [];
    expect(teacher).toBeGreaterThan(95);
    expect(Number(after)).toBeGreaterThan(teacher - 3);
    expect(Number(after)).toBeGreaterThan(Number(before));
  });
});

describe.skipIf(models === undefined || images === undefined)("trained models of others as teachers", () => {
  const open = (): Dataset => {
    const dataset = loadDataset(mnistManifest, openFolder(dirname(images ?? "")), { splits: ["train"] });
    const { train } = dataset.splits;
    return {
      ...dataset,
      splits: { ...dataset.splits, train: train.slice(0, 500), tuning: train.slice(500, 1500) },
    };
  };

  const loss = lossSchema.parse({ kind: "cross-entropy" });

  it("are as good when they are quantised", async () => {
    const dataset = open();
    const tools = trainingOf(dataset);
    for (const name of ["cnn_max_mninst2.onnx", "softmax-last-layer.onnx", "mnist2x10.onnx"]) {
      const model = loadModel(`${models}/${name}`);
      const steps = [{ use: "quantize.dynamic", op_types: ["MatMul", "Gemm", "Conv"] }];
      const short = await compressModel(model, checkRecipe({ name, steps }));
      expect(short.outcome).toBe("compressed");
      const shares = [];
      for (const one of [model, short.model]) {
        const teacher = await Respondent.open(one, [], loss, tools);
        shares.push((await teacher.score(dataset.splits.tuning, 100))?.accuracy ?? 0);
        await teacher.release();
      }
      expect(shares[0], name).toBeGreaterThan(0.8);
      expect(Math.abs((shares[0] ?? 0) - (shares[1] ?? 0)), name).toBeLessThan(0.05);
    }
  });

  it("are asked for the scores of which a last Softmax makes their probabilities", async () => {
    const dataset = open();
    const model = loadModel(`${models}/softmax-last-layer.onnx`);
    const tools = trainingOf(dataset);
    const [teacher, whole] = [
      await Respondent.open(model, [], loss, tools),
      await Observed.open(model, ["output"], tools),
    ];
    const [batch] = teacher.batches(dataset.splits.tuning, 50);
    const [scores] = await teacher.ask(batch?.feeds ?? {}, 50);
    const [probabilities] = await whole.run(batch?.feeds ?? {}, 50);
    expect(Math.max(...(scores ?? []))).toBeGreaterThan(1.5);
    for (let item = 0; item < 50; item++) {
      const row = [...(scores?.subarray(10 * item, 10 * (item + 1)) ?? [])];
      const powers = row.map((score) => Math.exp(score - Math.max(...row)));
      const sum = powers.reduce((a, b) => a + b, 0);
      powers.forEach((power, at) => {
        expect(power / sum).toBeCloseTo(probabilities?.data[10 * item + at] ?? Number.NaN, 5);
      });
    }
    await teacher.release();
    await whole.release();
  });
});
