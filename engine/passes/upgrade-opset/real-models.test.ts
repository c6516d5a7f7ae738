import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { InferenceSession, Tensor } from "onnxruntime-node";
import { afterAll, describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { opsetVersions } from "#engine/graph/scope.ts";
import { decodeModel, decodeTensor } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { bytesOf, realModels as modelFiles } from "#engine/testing/models.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { Comparer } from "../testing/compare.ts";
import { realModels } from "../testing/real-models.ts";
import { upgradeOpset } from "./index.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const files = modelFiles("data/onnx", "data/torch", "data/huggingface").flatMap(({ name, path }) => {
  const model = decodeModel(bytesOf(path));
  return { name, path, model, opset: opsetVersions(model.opsetImport).get("") ?? 0 };
});
const targets = [11, 13, 18, 21, 22];

describe.skipIf(files.length === 0)("upgradeOpset on real models", () => {
  it("computes the same, or names the operator that it refuses", { timeout: 180_000 }, async () => {
    const rows: string[] = [];
    for (const { name, model, opset } of files) {
      const options = realModels.find((entry) => name.endsWith(entry.path))?.options;
      for (const target of targets) {
        if (opset === 0 || opset >= target) continue;
        const changed = cloneStructure(model);
        let used: string;
        try {
          const upgrade = upgradeOpset(changed, target);
          used =
            Object.entries(upgrade.adapters)
              .map(([key, count]) => `${key}×${count}`)
              .join(" ") || "none needed";
        } catch (error) {
          if (!(error instanceof EngineError)) throw error;
          rows.push(`${name} | ${opset} | ${target} | refused: ${error.message}`);
          continue;
        }
        const { error, outputs } = await comparer.compare(model, changed, options);
        const worst = Math.max(0, ...outputs.map((output) => output.maxAbs));
        // What ONNX Runtime cannot run even unchanged, or on seeded inputs, proves nothing either way.
        const parity = error === undefined ? worst.toExponential(1) : "not run";
        rows.push(`${name} | ${opset} | ${target} | ${used} | ${parity}`);
        if (error !== undefined)
          expect((await comparer.compare(model, model, options)).error, name).toBeDefined();
        expect(worst, `${name} → ${target}`).toBeLessThan(1e-6);
      }
    }
    console.log(`model | from | to | adapters | max abs difference\n${rows.join("\n")}`);
    expect(rows.filter((row) => /\| \d\.\de/.test(row)).length).toBeGreaterThan(80);
  });

  it.each(["BatchNorm2d_eval", "Conv2d", "ConvTranspose2d", "Embedding", "GLU", "Linear", "PixelShuffle"])(
    "%s gives the outputs that came with it",
    async (name) => {
      const folder = dirname(
        join(sharedData(`data/onnx/pytorch-converted/test_${name}`) ?? "", "model.onnx"),
      );
      if (!existsSync(join(folder, "model.onnx"))) return;
      const model = decodeModel(bytesOf(join(folder, "model.onnx")));
      upgradeOpset(model, 13);
      const session = await InferenceSession.create(joinChunks(encodeModel(model)));
      const [input, expected] = ["input_0.pb", "output_0.pb"].map((file) =>
        decodeTensor(new Uint8Array(readFileSync(join(folder, file)))),
      );
      if (input === undefined || expected === undefined) throw new Error(name);
      const values = readTensor(input);
      const feed =
        values instanceof BigInt64Array
          ? new Tensor("int64", values, input.dims)
          : new Tensor("float32", Float32Array.from(values, Number), input.dims);
      const results = await session.run({ [session.inputNames[0] ?? ""]: feed });
      const output = results[session.outputNames[0] ?? ""];
      if (!(output instanceof Tensor)) throw new Error("no output");
      const found = Array.from(output.data, Number);
      for (const [at, value] of Array.from(readTensor(expected), Number).entries()) {
        expect(found[at]).toBeCloseTo(value, 4);
      }
    },
  );
});
