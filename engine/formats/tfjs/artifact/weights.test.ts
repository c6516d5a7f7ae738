import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { filesOf } from "../../source.ts";
import { convertTensorflowJs } from "../convert.ts";
import { expectSameRuns } from "../testing/compare.ts";
import { filesFor, randomize, type Saved, saved } from "../testing/save.ts";
import { chain } from "../testing/sequential.ts";
import { findModelJson } from "./model-json.ts";
import { readWeights } from "./weights.ts";

const utf8 = new TextEncoder();

beforeAll(async () => {
  await tf.setBackend("cpu");
});

async function small(): Promise<{ model: tf.LayersModel; files: Saved }> {
  const model = chain([3], tf.layers.dense({ units: 4 }), tf.layers.dense({ units: 2 }));
  randomize(model, 3);
  return { model, files: await saved(model) };
}

function failureOf(files: Saved): EngineError {
  try {
    convertTensorflowJs(filesFor(files));
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("it was converted");
}

describe("weights", () => {
  it("are those that TensorFlow.js decodes, quantised or not, however they are cut into shards", async () => {
    const dtype = fc.constantFrom("float32" as const, "int32" as const, "bool" as const);
    const spec = fc.record({
      shape: fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 3 }),
      dtype,
      quantization: fc.option(
        fc.record({
          dtype: fc.constantFrom("uint8" as const, "uint16" as const, "float16" as const),
          scale: fc.double({ min: 1e-3, max: 2, noNaN: true }),
          min: fc.double({ min: -5, max: 5, noNaN: true }),
        }),
        { nil: undefined },
      ),
    });
    const cases = fc.array(spec, { minLength: 1, maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        cases,
        fc.array(fc.nat(200), { maxLength: 4 }),
        fc.infiniteStream(fc.nat(255)),
        async (list, cuts, stream) => {
          const weights = list.map(({ quantization, ...one }, at) => {
            const isPlain =
              one.dtype === "bool" || (one.dtype === "int32" && quantization?.dtype === "float16");
            return { ...one, name: `w${at}`, ...(quantization && !isPlain ? { quantization } : {}) };
          });
          const widths = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2 };
          const count = (shape: number[]) => shape.reduce((product, dim) => product * dim, 1);
          const total = weights.reduce(
            (sum, { shape, dtype: type, quantization }) =>
              sum + count(shape) * widths[quantization?.dtype ?? type],
            0,
          );
          const data = Uint8Array.from({ length: total }, () => stream.next().value ?? 0);
          const places = [0, ...cuts.map((cut) => cut % (total + 1)).sort((a, b) => a - b), total];
          const shards = places.slice(1).map((end, at) => data.slice(places[at], end));
          const paths = shards.map((_, at) => `s${at}.bin`);
          const json = { modelTopology: {}, weightsManifest: [{ paths, weights }] };
          const files = filesOf({
            "m/model.json": utf8.encode(JSON.stringify(json)),
            ...Object.fromEntries(shards.map((shard, at) => [`m/s${at}.bin`, shard])),
          });
          const found = readWeights(files, findModelJson(files));
          const wanted = tf.io.decodeWeights(data.slice().buffer, weights);
          for (const { name, shape, dtype: type } of weights) {
            const weight = found.get(name);
            expect(weight?.dims).toEqual(shape);
            expect(weight?.dtype).toBe(type);
            const tensor = wanted[name];
            if (type === "bool") {
              expect(Array.from(weight?.data ?? [])).toEqual(
                Array.from(tensor?.dataSync() ?? [], (value) => (value ? 1 : 0)),
              );
            } else {
              expect(weight?.data).toEqual(tensor?.dataSync());
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("may be in several groups", async () => {
    const { model, files } = await small();
    const [group] = files.json.weightsManifest;
    const [kernel, ...rest] = group?.weights ?? [];
    if (kernel === undefined) throw new Error("no weights");
    const json = {
      ...files.json,
      weightsManifest: [
        { paths: ["a"], weights: [kernel] },
        { paths: ["b", "c"], weights: rest },
      ],
    };
    const converted = convertTensorflowJs(
      filesOf({
        "net/model.json": utf8.encode(JSON.stringify(json)),
        "net/a": files.weights.slice(0, 48),
        "net/b": files.weights.slice(48, 55),
        "net/c": files.weights.slice(55),
      }),
    );
    await expectSameRuns(model, converted.model);
  });

  it("that are not finite are named in a remark", async () => {
    const { files } = await small();
    const view = new DataView(files.weights.buffer, files.weights.byteOffset);
    view.setFloat32(4, Number.NaN, true);
    const names = [files.json.weightsManifest[0]?.weights[0]?.name];
    expect(convertTensorflowJs(filesFor(files)).notes).toEqual([
      { key: "tfjs.notFinite", params: { count: 1, names } },
    ]);
  });
});

describe("a manifest that lies", () => {
  const cases: [string, (files: Saved) => Saved, string, RegExp][] = [
    [
      "about a shard",
      ({ json, weights }) => ({ json: withGroup(json, { paths: ["other.bin"] }), weights }),
      "data-mismatch",
      /"other.bin"/,
    ],
    [
      "in the path of a shard",
      ({ json, weights }) => ({ json: withGroup(json, { paths: ["../../etc/passwd"] }), weights }),
      "data-mismatch",
      /missing/,
    ],
    [
      "with a shard twice",
      ({ json, weights }) => ({ json: withGroup(json, { paths: ["weights.bin", "weights.bin"] }), weights }),
      "malformed",
      /twice/,
    ],
    [
      "with a shard that is short",
      ({ json, weights }) => ({ json, weights: weights.slice(0, -1) }),
      "truncated",
      /end after 103 bytes/,
    ],
    [
      "with a shard that is long",
      ({ json, weights }) => ({ json, weights: new Uint8Array([...weights, 0]) }),
      "malformed",
      /105 bytes, but the weights of the manifest only 104/,
    ],
    [
      "with a pointer of Git LFS",
      ({ json }) => ({
        json,
        weights: utf8.encode("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 104\n"),
      }),
      "not-a-model",
      /Git LFS pointer/,
    ],
    [
      "with a web page",
      ({ json }) => ({ json, weights: utf8.encode("<!DOCTYPE html><html></html>") }),
      "not-a-model",
      /web page/,
    ],
    [
      "in a shape",
      (files) => withShape(files, [2, 6]),
      "malformed",
      /shape \[2, 6\], but the layer needs \[3, 4\]/,
    ],
    ["with a shape below zero", (files) => withShape(files, [-3, 4]), "malformed", /shape/],
    [
      "with a shape that no machine holds",
      (files) => withShape(files, [2 ** 30, 2 ** 30]),
      "malformed",
      /Impossible shape/,
    ],
    [
      "with more than there can be",
      (files) => withShape(files, [2 ** 20, 2 ** 20]),
      "limit-exceeded",
      /bytes/,
    ],
    ["with a fraction", (files) => withShape(files, [1.5, 4]), "malformed", /shape/],
    [
      "with many axes",
      (files) =>
        withShape(
          files,
          Array.from({ length: 100 }, () => 1),
        ),
      "malformed",
      /shape/,
    ],
  ];

  it.each(cases)("%s", async (_, change, code, message) => {
    const { files } = await small();
    const error = failureOf(change(files));
    expect(error.message).toMatch(message);
    expect(error.code).toBe(code);
  });

  it("with two weights of one name, with a type that is none, with a broken quantisation", async () => {
    const { files } = await small();
    const change = (at: number, more: object): Saved => {
      const weights = files.json.weightsManifest[0]?.weights ?? [];
      return {
        ...files,
        json: withGroup(files.json, {
          weights: weights.map((one, place) => (place === at ? { ...one, ...more } : one)),
        }),
      };
    };
    const [first] = files.json.weightsManifest[0]?.weights ?? [];
    expect(failureOf(change(1, { name: first?.name })).message).toMatch(/Two weights/);
    expect(failureOf(change(1, { dtype: "float8" })).code).toBe("malformed");
    expect(failureOf(change(1, { quantization: { dtype: "uint8" } })).message).toMatch(/no scale/);
    expect(failureOf(change(1, { quantization: { dtype: "int4" } })).code).toBe("malformed");
  });
});

type Json = Saved["json"];

function withGroup(json: Json, more: Partial<Json["weightsManifest"][number]>): Json {
  return { ...json, weightsManifest: json.weightsManifest.map((group) => ({ ...group, ...more })) };
}

function withShape({ json, weights }: Saved, shape: number[]): Saved {
  const list = json.weightsManifest[0]?.weights ?? [];
  return {
    json: withGroup(json, { weights: list.map((one, at) => (at === 0 ? { ...one, shape } : one)) }),
    weights,
  };
}

describe("what is no model", () => {
  const of = (files: Record<string, Uint8Array>) => () => convertTensorflowJs(filesOf(files));
  it.each([
    ["nothing", {}, /There is no model.json/],
    ["other JSON", { "config.json": utf8.encode("{}") }, /There is no model.json/],
    ["a model.json without a topology", { "model.json": utf8.encode('{"a": 1}') }, /no modelTopology/],
    ["half of one", { "model.json": utf8.encode('{"modelTopology": {') }, /not JSON/],
    [
      "a pointer of Git LFS",
      { "model.json": utf8.encode("version https://git-lfs.github.com/spec/v1\n") },
      /Git LFS/,
    ],
    ["bytes", { "model.json": Uint8Array.of(255, 254, 0, 1) }, /not JSON/],
    ["a list", { "model.json": utf8.encode("[1]") }, /no modelTopology/],
    ["a topology of nothing", { "model.json": utf8.encode('{"modelTopology": {}}') }, /class_name/],
    [
      "brackets",
      { "model.json": utf8.encode(`${"[".repeat(200_000)}${"]".repeat(200_000)}`) },
      /no modelTopology/,
    ],
    [
      "nested objects",
      {
        "model.json": utf8.encode(
          `{"modelTopology":${'{"class_name":"Sequential","config":{"layers":['.repeat(2000)}`,
        ),
      },
      /not JSON/,
    ],
  ])("%s", (_, files, message) => {
    expect(of(files)).toThrow(EngineError);
    expect(of(files)).toThrow(message);
  });

  it("may have another name, if it is the only one", async () => {
    const { model, files } = await small();
    const json = utf8.encode(JSON.stringify(files.json));
    const converted = convertTensorflowJs(
      filesOf({ "package.json": utf8.encode("{}"), "net.json": json, "weights.bin": files.weights }),
    );
    await expectSameRuns(model, converted.model);
  });
});
