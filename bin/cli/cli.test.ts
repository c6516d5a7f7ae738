import { spawnSync } from "node:child_process";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { decodeDeep } from "#engine/deep/decode.ts";
import { inspectionSchema } from "#engine/inspect.schema.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { sharedData } from "#engine/testing/shared.ts";

const program = resolve(import.meta.dirname, "../parsimony");
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "cli-"));
});
afterEach(() => rmSync(root, { recursive: true }));

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: root, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** Exit status 2, nothing on standard output, one line that says what is wrong. */
function expectFailure(message: RegExp, ...args: string[]) {
  const result = run(...args);
  expect(result).toMatchObject({ status: 2, stdout: "" });
  expect(result.stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(result.stderr).toMatch(message);
}

const values = Float32Array.from({ length: 64 * 64 }, (_, at) => Math.sin(at));

function dense(weights: Tensor = makeTensor("w", "float32", [64, 64], values)) {
  return makeModel(
    makeGraph({
      node: [makeNode("MatMul", ["x", "w"], ["y"], { name: "dense" })],
      input: [makeValue("x", "float32", ["n", 64])],
      output: [makeValue("y", "float32", ["n", 64])],
      initializer: [weights],
    }),
  );
}

function write(name: string, model = dense()): string {
  writeFileSync(join(root, name), joinChunks(encodeModel(model)));
  return name;
}

describe("inspect", () => {
  it("prints one JSON document that fits the schema", () => {
    const { status, stdout, stderr } = run("inspect", write("m.onnx"), "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const found = inspectionSchema.parse(JSON.parse(stdout));
    expect(found).toMatchObject({ parameters: 4096, macs: 4096, operators: { MatMul: 1 } });
    expect(found.bytes).toBe(readFileSync(join(root, "m.onnx")).length);
  });

  it("prints a table for people", () => {
    const { status, stdout } = run("inspect", write("m.onnx"));
    expect(status).toBe(0);
    expect(stdout).toMatch(/parameters +4,096/);
    expect(stdout).toMatch(/x +float32 +\[n, 64\]/);
  });

  it("works through a symbolic link, as npm installs commands", () => {
    symlinkSync(program, join(root, "parsimony"));
    const { status } = spawnSync(join(root, "parsimony"), ["inspect", write("m.onnx")], { cwd: root });
    expect(status).toBe(0);
  });

  it("lets no name from a file drive the terminal", () => {
    const model = dense();
    model.graph.input[0] = makeValue("x\u001b[2J\nfake", "float32", ["n", 64]);
    model.graph.node[0]?.input.splice(0, 1, "x\u001b[2J\nfake");
    const { stdout } = run("inspect", write("m.onnx", model));
    expect(stdout).toContain("x\\u001b[2J\\u000afake");
    expect(stdout).not.toContain("\u001b");
  });

  it("counts external data and names its file", () => {
    writeFileSync(join(root, "w.bin"), new Uint8Array(values.buffer));
    const { stdout } = run("inspect", write("m.onnx", dense(external("w.bin"))), "--json");
    const found = inspectionSchema.parse(JSON.parse(stdout));
    expect(found).toMatchObject({ parameters: 4096, externalFiles: ["w.bin"] });
    expect(found.bytes).toBe(readFileSync(join(root, "m.onnx")).length + values.byteLength);
  });
});

const external = (location: string): Tensor => ({
  dims: [64, 64],
  dataType: 1,
  name: "w",
  dataLocation: 1,
  externalData: [{ key: "location", value: location }],
});

describe("what is wrong, and where", () => {
  it.each<[string, RegExp, string[]]>([
    ["no command", /no command given/, []],
    ["an unknown command", /unknown command "shrink"/, ["shrink"]],
    ["a name that every object has", /unknown command "constructor"/, ["constructor"]],
    ["no model", /inspect needs a MODEL/, ["inspect"]],
    ["an unknown option", /--yaml/, ["inspect", "m.onnx", "--yaml"]],
    ["two models", /takes one MODEL/, ["inspect", "m.onnx", "n.onnx"]],
    ["no such file", /no such file.*absent\.onnx/, ["inspect", "absent.onnx"]],
    ["a folder of ONNX", /ONNX models need no conversion/, ["inspect", "."]],
    ["no recipe", /needs --recipe/, ["compress", "m.onnx", "--out", "o.onnx"]],
    ["no target", /needs --out/, ["compress", "m.onnx", "--recipe", "float16"]],
    [
      "an unknown recipe",
      /"tiny" is neither a recipe file nor one of the recipes float16, /,
      ["compress", "m.onnx", "--recipe", "tiny", "--out", "o.onnx"],
    ],
    [
      "a target in no folder",
      /folder for --out does not exist/,
      ["compress", "m.onnx", "--recipe", "float16", "--out", "no/o.onnx"],
    ],
  ])("%s", (_, message, args) => {
    write("m.onnx");
    expectFailure(message, ...args);
  });

  it.each<[string, RegExp]>([
    ["m.tflite", /no ONNX model but a web page.*m\.tflite/],
    ["model.json", /This is a web page.*model\.json/],
    ["m.onnx", /no ONNX model but a web page.*m\.onnx/],
  ])("%s of another format", (name, message) => {
    writeFileSync(join(root, name), "<!doctype html><html></html>");
    expectFailure(message, "inspect", name);
  });

  it("a truncated model", () => {
    writeFileSync(join(root, "m.onnx"), joinChunks(encodeModel(dense())).subarray(0, 5000));
    expectFailure(/ends early.*m\.onnx/, "inspect", "m.onnx");
  });

  it("a graph that makes no sense, with the node", () => {
    const model = dense();
    model.graph.node[0]?.input.splice(0, 1, "nothing");
    expectFailure(/"nothing".*m\.onnx, main graph, MatMul "dense"/, "inspect", write("m.onnx", model));
  });

  it("external data that leads out of the folder", () => {
    mkdirSync(join(root, "models"));
    writeFileSync(join(root, "secret"), new Uint8Array(values.buffer));
    symlinkSync("../secret", join(root, "models/link"));
    expectFailure(/leaves the folder/, "inspect", write("models/a.onnx", dense(external("../secret"))));
    expectFailure(/link out of/, "inspect", write("models/b.onnx", dense(external("link"))));
    expectFailure(/is not there/, "inspect", write("models/c.onnx", dense(external("absent"))));
  });

  it("a faulty recipe file, with the field", () => {
    writeFileSync(join(root, "r.yaml"), "name: r\nsteps:\n  - {use: prune.magnitude, sparsity: 7}\n");
    expectFailure(/sparsity.*r\.yaml/, "compress", write("m.onnx"), "--recipe", "r.yaml", "--out", "o.onnx");
    expect(readdirSync(root).sort()).toEqual(["m.onnx", "r.yaml"]);
  });
});

describe("compress", () => {
  it("writes a smaller model and tells what it did", () => {
    const { status, stdout, stderr } = run(
      "compress",
      write("m.onnx"),
      "--recipe",
      "float16",
      "--out",
      "o.onnx",
      "--json",
    );
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    const report = JSON.parse(stdout);
    const written = readFileSync(join(root, "o.onnx"));
    expect(report).toMatchObject({
      outcome: "compressed",
      original: { parameters: 4096, sparsity: 0.000244140625 },
      model: { bytes: written.length },
      steps: [{ use: "cast.float16" }],
      warnings: expect.any(Array),
    });
    expect(report.model.bytes).toBeLessThan(report.original.bytes * 0.6);
    expect(report.model.encodedBytes).toBeLessThan(report.model.gzipBytes);
    expect(report.original.encodedBytes).toBeLessThan(report.original.gzipBytes);
    expect(report.steps[0].seconds).toBeGreaterThan(0);
    expect(
      decodeModel(new Uint8Array(written)).graph.initializer.some(({ dataType }) => dataType === 10),
    ).toBe(true);
    expect(readdirSync(root).sort()).toEqual(["m.onnx", "o.onnx"]);
  });

  it("takes a recipe file", () => {
    writeFileSync(join(root, "r.yaml"), "name: r\nsteps:\n  - {use: prune.magnitude, sparsity: 0.75}\n");
    const { status, stdout } = run(
      "compress",
      write("m.onnx"),
      "--recipe",
      "r.yaml",
      "--out",
      "o.onnx",
      "--json",
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout).model.sparsity).toBeCloseTo(0.75, 2);
  });

  it("writes the unchanged bytes where nothing applies, with the reasons", () => {
    const relu = makeGraph({
      node: [makeNode("Relu", ["x"], ["y"])],
      input: [makeValue("x", "float32", [2])],
      output: [makeValue("y", "float32", [2])],
    });
    const { status, stdout } = run(
      "compress",
      write("m.onnx", makeModel(relu)),
      "--recipe",
      "int8-dynamic",
      "--out",
      "o.onnx",
      "--json",
    );
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: "not-applicable" });
    expect(JSON.parse(stdout).steps[0].skipped.length).toBeGreaterThan(0);
    expect(readFileSync(join(root, "o.onnx"))).toEqual(readFileSync(join(root, "m.onnx")));
  });

  it("may write over its own input", () => {
    expect(run("compress", write("m.onnx"), "--recipe", "float16", "--out", "m.onnx").status).toBe(0);
    expect(readdirSync(root)).toEqual(["m.onnx"]);
  });

  it("prints a table without --json", () => {
    const { stdout } = run("compress", write("m.onnx"), "--recipe", "prune-magnitude", "--out", "o.onnx");
    expect(stdout).toMatch(/wrote o\.onnx/);
    expect(stdout).toMatch(/zeros +0\.024 % +50\.0 %/);
  });
});

describe("the deep form", () => {
  const compress = (model: string, recipe: string, out: string) => {
    const { status, stdout, stderr } = run("compress", model, "--recipe", recipe, "--out", out, "--json");
    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    return JSON.parse(stdout);
  };

  it("is written by its name, and taken as a MODEL: as the very ONNX file that it holds", () => {
    const direct = compress(write("m.onnx"), "prune-magnitude", "o.onnx");
    const deep = compress("m.onnx", "prune-magnitude", "o.parsimony");
    const bytes = readFileSync(join(root, "o.parsimony"));
    expect(deep.model).toEqual({ ...direct.model, encodedBytes: bytes.length });
    expect(bytes.length).toBeLessThan(readFileSync(join(root, "o.onnx")).length * 0.6);
    expect(Buffer.compare(decodeDeep(new Uint8Array(bytes)), readFileSync(join(root, "o.onnx")))).toBe(0);
    // A recipe without steps writes what it was given.
    writeFileSync(join(root, "none.yaml"), "name: none\nsteps: []\n");
    expect(compress("o.parsimony", "none.yaml", "back.onnx").outcome).toBe("not-applicable");
    expect(readFileSync(join(root, "back.onnx"))).toEqual(readFileSync(join(root, "o.onnx")));
    expect(compress("o.parsimony", "float16", "half.parsimony").original).toEqual(direct.model);
  });

  it("is inspected as the model in it, with the size of both", () => {
    compress(write("m.onnx"), "prune-magnitude", "o.parsimony");
    compress("m.onnx", "prune-magnitude", "o.onnx");
    const inspect = (name: string) => JSON.parse(run("inspect", name, "--json").stdout);
    const found = inspectionSchema.parse(inspect("o.parsimony"));
    expect(found).toEqual(inspect("o.onnx"));
    expect(found.encodedBytes).toBe(readFileSync(join(root, "o.parsimony")).length);
    expect(found.bytes).toBe(readFileSync(join(root, "o.onnx")).length);
    // Known by its content, whatever its name.
    renameSync(join(root, "o.parsimony"), join(root, "p.onnx"));
    expect(inspect("p.onnx")).toEqual(found);
  });

  it("has external data in it", () => {
    writeFileSync(join(root, "w.bin"), new Uint8Array(values.buffer));
    const { original, model } = compress(
      write("m.onnx", dense(external("w.bin"))),
      "prune-magnitude",
      "o.parsimony",
    );
    expect(original.encodedBytes).toBeGreaterThan(values.byteLength * 0.7);
    expect(model.encodedBytes).toBeLessThan(values.byteLength * 0.6);
    rmSync(join(root, "w.bin"));
    expect(run("inspect", "o.parsimony").stdout).toMatch(/parameters +4,096, 50\.0 %/);
  });

  it("is refused where it is damaged or none, with the place", () => {
    compress(write("m.onnx"), "prune-magnitude", "o.parsimony");
    const bytes = readFileSync(join(root, "o.parsimony"));
    writeFileSync(join(root, "cut.parsimony"), bytes.subarray(0, bytes.length - 9));
    expectFailure(/impossible size of a part.*cut\.parsimony, the table/i, "inspect", "cut.parsimony");
    bytes[bytes.length - 9] = (bytes[bytes.length - 9] ?? 0) ^ 1;
    writeFileSync(join(root, "bad.parsimony"), bytes);
    expectFailure(
      /checksum.*bad\.parsimony/,
      "compress",
      "bad.parsimony",
      "--recipe",
      "float16",
      "--out",
      "x.onnx",
    );
    writeFileSync(join(root, "m.parsimony"), readFileSync(join(root, "m.onnx")));
    expectFailure(/no deep-compressed model.*m\.parsimony/, "inspect", "m.parsimony");
  });
});

const real = sharedData("data/torch/torch_transformer.onnx");
describe.skipIf(real === undefined)("a real transformer", () => {
  it.each(["float16", "int8-dynamic", "prune-magnitude"])(
    "goes through %s",
    { timeout: 60_000 },
    (recipe) => {
      const { status, stdout, stderr } = run(
        "compress",
        real ?? "",
        "--recipe",
        recipe,
        "--out",
        "o.onnx",
        "--json",
      );
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
      expect(JSON.parse(stdout).outcome).toBe("compressed");
    },
  );
});
