import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Sensitivity } from "./sensitivity.ts";

const program = resolve(import.meta.dirname, "../parsimony");
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "cli-sensitivity-"));
  writeFileSync(join(root, "m.onnx"), joinChunks(encodeModel(model)));
});
afterAll(() => rmSync(root, { recursive: true }));

const size = 16;
/** Every output depends on one weight of "steep", and hardly on "flat": three quarters of it are nearly zero. */
const model = makeModel(
  makeGraph({
    node: [makeNode("MatMul", ["x", "steep"], ["h"]), makeNode("MatMul", ["h", "flat"], ["y"])],
    input: [makeValue("x", "float32", ["n", size])],
    output: [makeValue("y", "float32", ["n", size])],
    initializer: [
      makeTensor(
        "steep",
        "float32",
        [size, size],
        new Float32Array(size * size).map((_, at) => 1 + (at % 7) / 8),
      ),
      makeTensor(
        "flat",
        "float32",
        [size, size],
        new Float32Array(size * size).map((_, at) => (at % 4 === 0 ? 1 : 1e-6 * (1 + (at % 5)))),
      ),
    ],
  }),
);

function run(...args: string[]) {
  return spawnSync(program, ["sensitivity", ...args], { cwd: root, encoding: "utf8" });
}

it("tells which tensors bear pruning", () => {
  const { status, stdout, stderr } = run("m.onnx", "--sparsities", "0.5,0.75", "--json");
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  const scan = JSON.parse(stdout) as Sensitivity;
  expect(scan.inputs).toMatch(/made-up inputs/);
  const error = (tensor: string, sparsity: number) =>
    scan.rows.find((row) => row.tensor === tensor && row.sparsity === sparsity)?.relativeError ?? Number.NaN;
  expect(error("flat", 0.75)).toBeLessThan(1e-4);
  expect(error("steep", 0.5)).toBeGreaterThan(0.05);
  expect(error("steep", 0.75)).toBeGreaterThan(error("steep", 0.5));
});

it("writes a table for people, without what is protected", () => {
  const { stdout } = run("m.onnx", "--protect", "steep");
  expect(stdout).toMatch(/weights +25\.0 % +50\.0 % +75\.0 % +90\.0 %/);
  expect(stdout).toMatch(/flat +256 /);
  expect(stdout).toMatch(/not scanned\n +steep/);
});

it.each([
  [/between 0 and 1/, ["m.onnx", "--sparsities", "2"]],
  [/between 0 and 1/, ["m.onnx", "--sparsities", "0.5,"]],
  [/no such/, ["absent.onnx"]],
])("says in one line what is wrong: %s", (message, args) => {
  const { status, stdout, stderr } = run(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(message);
});
