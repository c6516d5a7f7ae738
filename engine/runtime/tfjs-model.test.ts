import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { TensorMap } from "../evaluate/tensors/tensor.ts";
import { filesOf } from "../formats/source.ts";
import { convertTensorflowJs } from "../formats/tfjs/convert.ts";
import { encodeModel, joinChunks } from "../onnx/encode.ts";
import { sharedData } from "../testing/shared.ts";
import { noise } from "../train/autodiff/testing/case.ts";
import { loadSession } from "./session.ts";
import { loadTensorFlowModel } from "./tfjs-model.ts";

const folder = sharedData("data/tfjs");

function filesIn(name: string) {
  const path = join(folder ?? "", name);
  const names = readdirSync(path).sort();
  return filesOf(
    Object.fromEntries(names.map((file) => [file, new Uint8Array(readFileSync(join(path, file)))])),
  );
}

describe.skipIf(folder === undefined)("a model in TensorFlow.js and its conversion in ONNX Runtime", () => {
  const models = [
    { name: "cnn-layers", shape: [2, 40, 40, 3], scale: 1 },
    { name: "gru-layers", shape: [3, 10], scale: 99 },
    { name: "dense-graph", shape: [4, 1], scale: 1 },
    { name: "rn-dense-graph", shape: [4, 10], scale: 1 },
    { name: "matmul-graph", shape: [2, 2], scale: 1 },
    { name: "magika-v1-graph", shape: [2, 1536], scale: 256 },
  ];

  it.each(models)("$name: the same names, types, shapes and values", async ({ name, shape, scale }) => {
    const files = filesIn(name);
    const original = await loadTensorFlowModel(files);
    expect(original.runtime).toMatch(/^TensorFlow\.js \d[\d.]* \((tfjs-node|cpu)\)$/);
    const session = await loadSession(joinChunks(encodeModel(convertTensorflowJs(files).model)));
    expect(original.inputs).toEqual(session.signature.inputs.map((input) => input.name));
    expect(original.outputs).toEqual(session.signature.outputs.map((output) => output.name));
    const count = shape.reduce((product, dim) => product * dim, 1);
    const data = Float32Array.from(noise(count, 5), (value) =>
      scale === 1 ? value : Math.floor(((value + 1) / 2) * scale),
    );
    const feeds: TensorMap = { [original.inputs[0] ?? ""]: { dtype: "float32", dims: shape, data } };
    const [wanted, found] = [original.run(feeds), await session.run(feeds)];
    for (const output of original.outputs) {
      const [a, b] = [wanted[output], found[output]];
      expect(b?.dtype).toBe(a?.dtype);
      expect(b?.dims).toEqual(a?.dims);
      const values = Array.from(a?.data ?? [], Number);
      const largest = Math.max(...values.map(Math.abs));
      const worst = Math.max(...values.map((value, at) => Math.abs(value - Number(b?.data[at]))));
      expect(worst).toBeLessThanOrEqual(1e-5 * largest);
    }
    original.release();
    await session.release();
  });

  it("is refused with a reason where an input is missing or of another type", async () => {
    const original = await loadTensorFlowModel(filesIn("dense-graph"));
    const [input = ""] = original.inputs;
    expect(() => original.run({})).toThrow(/needs this input/);
    const data = BigInt64Array.of(1n);
    expect(() => original.run({ [input]: { dtype: "int64", dims: [1, 1], data } })).toThrow(
      /no tensors of int64/,
    );
    const wide = { dtype: "float32" as const, dims: [1, 7], data: new Float32Array(7) };
    expect(() => original.run({ [input]: wide })).toThrow(/TensorFlow.js fails to run the model/);
    original.release();
  });
});

describe("what TensorFlow.js does not load", () => {
  it("is an error of the engine", async () => {
    const json = {
      modelTopology: {
        class_name: "Sequential",
        config: { layers: [{ class_name: "Gone", config: { name: "g", batch_input_shape: [null, 2] } }] },
      },
    };
    const files = filesOf({ "model.json": new TextEncoder().encode(JSON.stringify(json)) });
    await expect(loadTensorFlowModel(files)).rejects.toMatchObject({
      code: "runtime-refused",
      message: expect.stringContaining("Gone"),
    });
  });
});
