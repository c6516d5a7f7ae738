import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { makeNode } from "../onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "../onnx/build.ts";
import { encodeModel, joinChunks } from "../onnx/encode.ts";
import { LazyBytes } from "../onnx/lazy.ts";
import { makeTensor } from "../onnx/make.ts";
import { openModel } from "./model-file.ts";
import { loadSession } from "./session.ts";
import { writeModel } from "./write-model.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "write-model-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const big = Float32Array.from({ length: 128 * 128 }, (_, at) => Math.sin(at));
const bigger = Float32Array.from({ length: 128 * 256 }, (_, at) => Math.cos(at));
const floats = (name: string, dims: number[], values: Float32Array) =>
  makeTensor(name, "float32", dims, values);
const model = makeModel(
  makeGraph({
    node: [
      makeNode("MatMul", ["x", "v"], ["h"]),
      makeNode("MatMul", ["h", "w"], ["m"]),
      makeNode("Add", ["m", "b"], ["y"]),
    ],
    input: [makeValue("x", "float32", [1, 128])],
    output: [makeValue("y", "float32", [1, 256])],
    initializer: [
      floats("v", [128, 128], big),
      floats("w", [128, 256], bigger),
      floats("b", [256], new Float32Array(256).fill(1)),
    ],
  }),
);
const bytesOf = (one: typeof model) => Buffer.from(joinChunks(encodeModel(one)));

it("puts the weights beside a model that one file cannot hold, and gets them back", async () => {
  const path = join(folder, "m.onnx");
  const whole = join(folder, "whole.onnx");
  expect(await writeModel(path, model, undefined, 100_000)).toBe(`${path}.data`);
  expect(await writeModel(whole, model)).toBeUndefined();
  expect(readdirSync(folder).sort()).toEqual(["m.onnx", "m.onnx.data", "whole.onnx"]);
  expect(statSync(path).size).toBeLessThan(3000);
  using opened = openModel(path);
  expect(opened.externalFiles).toEqual(["m.onnx.data"]);
  expect(opened.bytes).toBe(statSync(path).size + big.byteLength + bigger.byteLength);
  // Weights are not read before somebody asks.
  expect(opened.model.graph.initializer.map(({ rawData }) => rawData instanceof LazyBytes)).toEqual([
    true,
    true,
    false,
  ]);
  expect(Buffer.compare(bytesOf(opened.model), bytesOf(model))).toBe(0);
  const feeds = { x: { dtype: "float32" as const, dims: [1, 128], data: big.slice(0, 128) } };
  const outputs = [];
  for (const file of [path, whole]) {
    const session = await loadSession(file);
    outputs.push((await session.run(feeds)).y?.data);
    await session.release();
  }
  expect(outputs[0]).toEqual(outputs[1]);
});

it("leaves nothing where the model itself cannot be written", async () => {
  const broken = { ...model, graph: { ...model.graph, name: 3 as unknown as string } };
  await expect(writeModel(join(folder, "m.onnx"), broken, undefined, 1000)).rejects.toThrow(/does not fit/);
  expect(existsSync(join(folder, "m.onnx.data"))).toBe(false);
});
