import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as tf from "@tensorflow/tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { inspectModel } from "#engine/inspect.ts";
import { encodedLength } from "#engine/onnx/encode.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { filesOf, type SourceFiles } from "../../source.ts";
import { convertTensorflowJs } from "../convert.ts";
import { expectSameRuns } from "../testing/compare.ts";

const folder = sharedData("data/tfjs");
const hostile = sharedData("data/hostile/tfjs-shards-missing");

beforeAll(async () => {
  await tf.setBackend("cpu");
});

function filesIn(path: string): SourceFiles {
  const names = readdirSync(path).sort();
  return filesOf(
    Object.fromEntries(names.map((name) => [name, new Uint8Array(readFileSync(join(path, name)))])),
  );
}

/** What TensorFlow.js makes of the same files. */
async function loaded(files: SourceFiles): Promise<tf.LayersModel> {
  const json = JSON.parse(new TextDecoder().decode(files.read("model.json")));
  const [group] = json.weightsManifest;
  return tf.loadLayersModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      weightSpecs: group.weights,
      weightData: files.read(group.paths[0]).slice().buffer,
    }),
  );
}

describe.skipIf(folder === undefined)("models that others published", () => {
  const models = [
    {
      name: "cnn-layers",
      trial: {},
      operators: { Conv2D: 1, SeparableConv2D: 1, Dropout: 2 },
      parameters: 5_800,
    },
    { name: "gru-layers", trial: { indices: 100 }, operators: { Embedding: 1, GRU: 1 }, parameters: 2_300 },
    // One image: the plain JavaScript of TensorFlow.js takes seconds for each.
    {
      name: "mobilenetv2-layers",
      trial: { rows: 1, scales: [1] },
      operators: { Conv2D: 35, DepthwiseConv2D: 17, Add: 10 },
      parameters: 2_500_000,
    },
  ];

  it.each(models)(
    "$name computes the same",
    { timeout: 300_000 },
    async ({ name, trial, operators, parameters }) => {
      const files = filesIn(join(folder ?? "", name));
      const converted = convertTensorflowJs(files);
      expect(converted.operators).toMatchObject(operators);
      const { parameters: found } = inspectModel(converted.model, { bytes: encodedLength(converted.model) });
      expect(found).toBeGreaterThan(parameters);
      await expectSameRuns(await loaded(files), converted.model, trial);
    },
  );
});

describe.skipIf(hostile === undefined)("a folder with shards missing", () => {
  it("is told which", () => {
    expect(() => convertTensorflowJs(filesIn(hostile ?? ""))).toThrow(
      /2 of 3 shards that it names are missing: "group1-shard1of3.bin", "group1-shard2of3.bin"/,
    );
  });
});
