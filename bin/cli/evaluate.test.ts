import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as golden from "#engine/evaluate/dataset/formats/testing/golden.ts";
import { bytesOf } from "#engine/evaluate/dataset/formats/testing/golden-bytes.ts";
import { type Measurement, measurementSchema } from "#engine/evaluate/measurement.schema.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { zipOf } from "#engine/testing/zip.ts";

const program = resolve(import.meta.dirname, "../parsimony");
let root: string;
beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), "cli-evaluate-"));
  write("model.onnx", dense(0));
  write("close.onnx", dense(0.001));
  // Constant arithmetic that traps when the model is loaded: the quotient does not fit into the integer.
  write("crash.onnx", crashing());
  const rows = Array.from(
    { length: 60 },
    (_, at) => `${at % 3},${(at % 3) - 1},${at % 2 ? "test" : "train"}`,
  );
  writeFileSync(join(root, "rows.csv"), ["label,value,part", ...rows].join("\n"));
  writeFileSync(join(root, "rows.pkl"), Uint8Array.of(0x80, 4, 0x95, 0, 0, 0, 0, 0x2e));
  writeFileSync(join(root, "pickle.json"), JSON.stringify(manifestOf("rows.pkl", "value", "part")));
  writeFileSync(join(root, "wrong.json"), '{"name": "t", "task": "sorting"}');
  writeFileSync(
    join(root, "dataset.yaml"),
    [
      "name: rows",
      "task: classification",
      "splits: {file: rows.csv, column: part}",
      "inputs: [{to: 0, from: value, dtype: float32}]",
      "label: {from: label}",
    ].join("\n"),
  );
});
const manifestOf = (file: string, from: string, column: string) => ({
  name: "t",
  task: "classification",
  splits: { file, column },
  inputs: [{ to: 0, from, dtype: "float32" }],
  label: { from: "label" },
});
afterAll(() => rmSync(root, { recursive: true }));

function write(name: string, model: Model): void {
  writeFileSync(join(root, name), joinChunks(encodeModel(model)));
}

/** Scores of three classes for a number from −1 to 1: −x, 0.5, x, each with a little added. */
function dense(noise: number): Model {
  return makeModel(
    makeGraph({
      node: [makeNode("MatMul", ["x", "w"], ["p"]), makeNode("Add", ["p", "b"], ["y"])],
      input: [makeValue("x", "float32", ["n", 1])],
      output: [makeValue("y", "float32", ["n", 3])],
      initializer: [
        makeTensor("w", "float32", [1, 3], Float32Array.of(-1 + noise, 0, 1)),
        makeTensor("b", "float32", [3], Float32Array.of(0, 0.5, noise)),
      ],
    }),
  );
}

function crashing(): Model {
  const int32 = (name: string, value: number) => makeTensor(name, "int32", [1], Int32Array.of(value));
  return makeModel(
    makeGraph({
      node: [makeNode("Div", ["a", "b"], ["q"]), makeNode("Add", ["x", "q"], ["y"])],
      input: [makeValue("x", "int32", [1])],
      output: [makeValue("y", "int32", [1])],
      initializer: [int32("a", -(2 ** 31)), int32("b", -1)],
    }),
  );
}

it("compress says so too, where a model ends the process that runs it", () => {
  const args = ["compress", "crash.onnx", "--recipe", "fold.yaml", "--out", "out.onnx"];
  writeFileSync(join(root, "fold.yaml"), "name: fold\nsteps:\n  - use: simplify\n");
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr).toMatch(/ended by SIG.*crash\.onnx/);
});

function run(...args: string[]) {
  return spawnSync(program, ["evaluate", ...args], { cwd: root, encoding: "utf8" });
}

function measured(...args: string[]): Map<string, Measurement> {
  const { status, stdout, stderr } = run(...args, "--json");
  expect(stderr).toBe("");
  expect(status).toBe(0);
  const { measurements } = JSON.parse(stdout) as { measurements: unknown[] };
  return new Map(measurements.map((one) => measurementSchema.parse(one)).map((one) => [one.name, one]));
}

describe("evaluate", () => {
  it("tells the quality on labelled data, and the change against the original", () => {
    const found = measured("close.onnx", "--data", ".", "--against", "model.onnx");
    expect(found.get("quality/top1")).toMatchObject({ value: 1, n: 30, split: "test", tier: "metered" });
    expect(found.get("quality/top1")?.baselineDelta?.value).toBe(0);
    expect(found.get("size/file")?.baselineDelta?.value).toBe(0);
  });

  it("tells how close a model is to the original where there are no labels", () => {
    const found = measured("close.onnx", "--against", "model.onnx");
    expect(found.get("fidelity/cosine")?.value).toBeGreaterThan(0.999);
    expect(found.get("fidelity/cosine")?.value).toBeLessThan(1);
    expect(found.get("fidelity/max-abs-diff")?.value).toBeGreaterThan(0);
    expect(found.has("quality/top1")).toBe(false);
  });

  it("reads JSON lines, and says which items two splits share", () => {
    const rows = Array.from({ length: 30 }, (_, at) => ({
      label: at % 3,
      value: (at % 3) - 1,
      part: "test",
    }));
    const lines = [...rows, { label: 0, value: -1, part: "train" }].map((row) => JSON.stringify(row));
    writeFileSync(join(root, "rows.jsonl"), lines.join("\n"));
    writeFileSync(join(root, "lines.json"), JSON.stringify(manifestOf("rows.jsonl", "value", "part")));
    expect(measured("model.onnx", "--data", "lines.json").get("quality/top1")?.n).toBe(30);
    const { stdout } = run("model.onnx", "--data", "lines.json", "--json");
    expect(JSON.parse(stdout)).toMatchObject({
      warnings: [expect.stringContaining("10 of the 30 items of the test split are in the train split, too")],
    });
  });

  it("reads pictures in a ZIP", () => {
    const content = bytesOf(golden.png.rgb);
    const parts = ["a", "b", "c"].map((name) => ({ path: `test/${name}/1.png`, content, deflated: true }));
    writeFileSync(join(root, "pictures.zip"), zipOf(parts));
    const manifest = {
      ...manifestOf("pictures.zip", "image", "split"),
      image: { channels: 1 },
      inputs: [{ to: 0, from: "image", resize: { height: 1, width: 1 }, scale: 1 / 255 }],
      label: { from: "class" },
    };
    writeFileSync(join(root, "pictures.json"), JSON.stringify(manifest));
    expect(measured("model.onnx", "--data", "pictures.json").get("quality/top1")).toMatchObject({
      value: 1 / 3,
      n: 3,
    });
  });

  it("writes a table for people", () => {
    const { status, stdout } = run("model.onnx", "--data", "dataset.yaml");
    expect(status).toBe(0);
    expect(stdout).toMatch(/quality\/top1\s+1 fraction\s+.*n = 30\s+test\s+metered/);
  });

  it.each([
    [
      "a model that ends the process which runs it",
      /ended by SIG/,
      ["crash.onnx", "--against", "crash.onnx"],
    ],
    ["nothing to compare with", /needs --data, --against or --energy/, ["model.onnx"]],
    ["a pickle for a table", /allow_pickle=False/, ["model.onnx", "--data", "pickle.json"]],
    ["a manifest that is wrong", /line 1, column 2[0-9]/, ["model.onnx", "--data", "wrong.json"]],
    ["no such dataset", /no such dataset/, ["model.onnx", "--data", "nowhere"]],
    ["a broken original", /dataset\.yaml/, ["model.onnx", "--against", "dataset.yaml"]],
  ])("says in one line what is wrong: %s", (_, message, args) => {
    const { status, stdout, stderr } = run(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: "" });
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
    expect(stderr).toMatch(message);
  });
});
