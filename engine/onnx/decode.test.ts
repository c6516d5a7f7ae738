import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { EngineError, type EngineErrorCode } from "#engine/error.ts";
import { bytesOf } from "#engine/testing/models.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { makeNode } from "./attributes.ts";
import { makeGraph, makeModel, makeValue } from "./build.ts";
import { decodeModel } from "./decode.ts";
import { encodeModel, joinChunks } from "./encode.ts";
import type { DecodeLimits } from "./limits.ts";
import { makeTensor } from "./make.ts";
import type { Model } from "./model.ts";

function failure(bytes: Uint8Array, limits: Partial<DecodeLimits> = {}): EngineError {
  try {
    decodeModel(bytes, limits);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("decoded without an error");
}

function expectFailure(bytes: Uint8Array, code: EngineErrorCode, message: RegExp) {
  const error = failure(bytes);
  expect(error.code).toBe(code);
  expect(error.message).toMatch(message);
}

const text = (value: string) => new TextEncoder().encode(value);
const bytes = (model: Model) => joinChunks(encodeModel(model));
/** A length-prefixed field. */
const field = (no: number, content: Uint8Array) =>
  joinChunks([varint(no * 8 + 2), varint(content.length), content]);
function varint(value: number): Uint8Array {
  const out: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    out.push(rest < 128 ? rest : (rest % 128) | 0x80);
    if (rest < 128) return Uint8Array.from(out);
  }
}
const version = Uint8Array.of(8, 8);
const graphFile = (graph: Uint8Array) => joinChunks([version, field(7, graph)]);

const model = makeModel(
  makeGraph({
    node: [makeNode("MatMul", ["x", "w"], ["y"])],
    input: [makeValue("x", "float32", ["n", 30])],
    output: [makeValue("y", "float32", ["n", 50])],
    initializer: [makeTensor("w", "float32", [30, 50], new Float32Array(1500).fill(0.5))],
  }),
);

describe("what a file is, where it is no model", () => {
  it.each<[string, Uint8Array, RegExp]>([
    ["nothing", new Uint8Array(), /empty/],
    [
      "a Git LFS pointer",
      text("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n"),
      /Git LFS pointer/,
    ],
    ["a zip", Uint8Array.of(0x50, 0x4b, 3, 4, 20, 0), /zip archive/],
    ["HTML", text("\n <!DOCTYPE html><html><body>Not found</body></html>"), /web page/],
    ["JSON", text('{"format": "layers-model"}'), /JSON/],
    ["gzip", Uint8Array.of(0x1f, 0x8b, 8), /gzip/],
    ["a pickle", Uint8Array.of(0x80, 2, 0x7d), /pickle/],
    ["TensorFlow Lite", joinChunks([Uint8Array.of(28, 0, 0, 0), text("TFL3")]), /TensorFlow Lite/],
    ["safetensors", joinChunks([Uint8Array.of(64, 0, 0, 0, 0, 0, 0, 0), text('{"a":1}')]), /safetensors/],
    ["a deep form", Uint8Array.of(0x89, 0x50, 0x53, 0x4d, 1), /deep form/],
    ["text", text("this is a line of plain text"), /text file/],
    // saved_model_schema_version = 1, then a MetaGraphDef.
    ["a SavedModel", joinChunks([Uint8Array.of(8, 1), field(2, field(1, text("meta")))]), /SavedModel/],
    [
      "a frozen graph",
      field(1, joinChunks([field(1, text("input")), field(2, text("Placeholder"))])),
      /frozen TensorFlow/,
    ],
    ["a tensor", Uint8Array.of(8, 3, 16, 1), /single ONNX tensor/],
    ["a model without a graph", joinChunks([version, field(2, text("maker"))]), /without an ONNX graph/],
    [
      "noise",
      Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff),
      /not an ONNX model/,
    ],
  ])("%s", (_, content, message) => expectFailure(content, "not-a-model", message));
});

const hostile = sharedData("data/hostile");
describe.skipIf(hostile === undefined)("shared hostile files", () => {
  const files = readdirSync(hostile ?? ".", { recursive: true, withFileTypes: true }).filter((entry) =>
    entry.isFile(),
  );
  it.each(files.map((entry) => [entry.name, join(entry.parentPath, entry.name)]))(
    "%s is no model",
    (_, path) => {
      expect(failure(bytesOf(path)).code).toBe("not-a-model");
    },
  );
});

describe("a file cut short", () => {
  const whole = bytes(model);
  it("is called truncated wherever the graph is cut", () => {
    const header = 20;
    for (let length = header; length < whole.length - 10; length += 13) {
      expect(failure(whole.subarray(0, length)).code).toBe("truncated");
    }
  });

  it("never decodes into a model that lost weights", () => {
    for (let length = 0; length < whole.length; length++) {
      try {
        expect(decodeModel(whole.subarray(0, length)).graph.initializer).toHaveLength(1);
      } catch (error) {
        expect(error).toBeInstanceOf(EngineError);
      }
    }
  });
});

describe("malformed fields are named", () => {
  it.each<[string, Uint8Array, RegExp]>([
    [
      "a length past its message",
      graphFile(Uint8Array.of(0x0a, 0x7f, 1)),
      /127 bytes .*only 1 .*graph\.node/,
    ],
    ["a wrong wire type", graphFile(Uint8Array.of(0x08, 1)), /Wire type 0 where 2 belongs.*graph\.node/],
    ["a group", graphFile(Uint8Array.of(0x0b)), /Wire type 3/],
    ["field number zero", graphFile(Uint8Array.of(0x02, 0)), /field number/],
    ["an endless varint", graphFile(new Uint8Array(30).fill(0x80)), /more than ten bytes/],
    ["bad UTF-8", graphFile(field(2, Uint8Array.of(0xc3, 0x28))), /not valid UTF-8.*graph\.name/],
    ["two graphs", joinChunks([graphFile(field(2, text("a"))), field(7, field(2, text("b")))]), /twice/],
    [
      "a huge dimension",
      graphFile(field(5, joinChunks([Uint8Array.of(8), new Uint8Array(8).fill(0xff), Uint8Array.of(0x7f)]))),
      /large number.*initializer\[0\]\.dims/,
    ],
    ["half a float", graphFile(field(5, field(4, Uint8Array.of(1, 2, 3)))), /whole number of elements/],
  ])("%s", (_, content, message) => expectFailure(content, "malformed", message));
});

describe("bounds", () => {
  const limited = (content: Uint8Array, limits: Partial<DecodeLimits> = {}) => {
    const error = failure(content, limits);
    expect(error.code).toBe("limit-exceeded");
    return error.message;
  };

  it("nesting", () => {
    let graph = field(2, text("deepest"));
    // node > attribute > g
    for (let level = 0; level < 200; level++) graph = field(1, field(5, field(6, graph)));
    expect(limited(graphFile(graph))).toMatch(/more than 100 nested messages/);
  });

  it("messages: two bytes of the file ask for an object each", () => {
    const nodes = new Uint8Array(5_000_000);
    for (let at = 0; at < nodes.length; at += 2) nodes[at] = 0x0a;
    expect(limited(graphFile(nodes))).toMatch(/messages/);
  });

  it("graphs: a branch of a few bytes is a scope of its own", () => {
    // node > attribute > graphs
    const branches = new Uint8Array(60_000);
    for (let at = 0; at < branches.length; at += 2) branches[at] = 0x5a;
    const held = graphFile(field(1, field(5, branches)));
    expect(limited(held)).toMatch(/more than 20001 graphs/);
    expect(() => decodeModel(held, { maxGraphs: 30_001 })).not.toThrow(/graphs/);
  });

  it("list entries", () => {
    const names = new Uint8Array(20_000);
    for (let at = 0; at < names.length; at += 2) names[at] = 0x0a;
    expect(limited(graphFile(field(1, names)), { maxValues: 5_000 })).toMatch(/list entries/);
  });

  it("unpacked numbers: one byte becomes eight", () => {
    const tensor = field(7, new Uint8Array(10_000));
    expect(limited(graphFile(field(5, tensor)), { maxUnpackedBytes: 50_000 })).toMatch(/unpacks/);
  });

  it("the file itself", () => {
    expect(limited(bytes(model), { maxBytes: 100 })).toMatch(/external data/);
  });
});
