import * as tf from "@tensorflow/tfjs";
import { expect } from "vitest";
import { validateModel } from "#engine/graph/validate.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { loadSession } from "#engine/runtime/session.ts";
import type { Converted, SourceFiles } from "../../source.ts";
import { convertTensorflowJs } from "../convert.ts";
import { expectClose, hostOf } from "./compare.ts";
import { filesFor, type Saved } from "./save.ts";

const codes = { float32: "DT_FLOAT", int32: "DT_INT32", bool: "DT_BOOL" } as const;

/** Attributes of a node, as JSON has them. */
export const attr = {
  int: (i: number) => ({ i: String(i) }),
  ints: (list: readonly number[]) => ({ list: { i: list.map(String) } }),
  float: (f: number) => ({ f }),
  bool: (b: boolean) => ({ b }),
  text: (text: string) => ({ s: btoa(text) }),
  texts: (list: readonly string[]) => ({ list: { s: list.map((text) => btoa(text)) } }),
  type: (dtype: keyof typeof codes) => ({ type: codes[dtype] }),
};

export interface TestNode {
  readonly name: string;
  readonly op: string;
  readonly input?: readonly string[];
  readonly attr?: Readonly<Record<string, object>>;
}

/** A GraphModel of placeholders, constants and nodes; its outputs are what no node reads. */
export class TestGraph {
  readonly #nodes: object[] = [];
  readonly #specs: { name: string; shape: number[]; dtype: keyof typeof codes }[] = [];
  readonly #bytes: number[] = [];

  input(name: string, shape: readonly number[], dtype: keyof typeof codes = "float32"): string {
    const dim = shape.map((size) => ({ size: String(size) }));
    this.#nodes.push({
      name,
      op: "Placeholder",
      attr: { dtype: attr.type(dtype), shape: { shape: { dim } } },
    });
    return name;
  }

  constant(
    name: string,
    values: readonly number[],
    shape: number[] = [values.length],
    dtype: keyof typeof codes = "float32",
  ): string {
    const data = { float32: Float32Array, int32: Int32Array, bool: Uint8Array }[dtype].from(values);
    this.#bytes.push(...new Uint8Array(data.buffer));
    this.#specs.push({ name, shape, dtype });
    const tensorShape = { dim: shape.map((size) => ({ size: String(size) })) };
    const tensor = { dtype: codes[dtype], tensorShape };
    this.#nodes.push({ name, op: "Const", attr: { dtype: attr.type(dtype), value: { tensor } } });
    return name;
  }

  ints(name: string, values: readonly number[], shape: number[] = [values.length]): string {
    return this.constant(name, values, shape, "int32");
  }

  node(
    op: string,
    input: readonly string[],
    attributes: Readonly<Record<string, object>> = {},
    name: string = op,
  ): string {
    this.#nodes.push({ name, op, input, attr: attributes });
    return name;
  }

  saved(signature?: object): Saved {
    return {
      json: {
        format: "graph-model",
        modelTopology: { node: this.#nodes, library: {}, versions: {} },
        weightsManifest: [{ paths: ["weights.bin"], weights: this.#specs }],
        ...(signature && { signature }),
      },
      weights: Uint8Array.from(this.#bytes),
    };
  }
}

async function loaded(files: SourceFiles): Promise<tf.GraphModel> {
  const json = JSON.parse(new TextDecoder().decode(files.read("model.json")));
  const [group] = json.weightsManifest;
  const data = files.read(group.paths[0]).slice().buffer;
  return tf.loadGraphModel(tf.io.fromMemory({ ...json, weightSpecs: group.weights, weightData: data }));
}

/** Converts a GraphModel, runs it here and in TensorFlow.js, and compares every output. */
export async function expectSameGraph(
  source: Saved | SourceFiles,
  feeds: Readonly<Record<string, tf.Tensor>>[],
): Promise<Converted> {
  const files = "json" in source ? filesFor(source) : source;
  const converted = convertTensorflowJs(files);
  validateModel(converted.model);
  const model = await loaded(files);
  const session = await loadSession(joinChunks(encodeModel(converted.model)));
  const { inputs, outputs } = session.signature;
  const isQuotient = Object.hasOwn(converted.operators, "FloorDiv");
  for (const feed of feeds) {
    expect(inputs.map(({ name }) => name).sort()).toEqual(Object.keys(feed).sort());
    const names = outputs.map(({ name }) => name);
    const wanted = [model.execute({ ...feed }, names)].flat();
    const found = await session.run(
      Object.fromEntries(Object.entries(feed).map(([name, tensor]) => [name, hostOf(tensor)])),
    );
    for (const [at, { name, shape, dtype }] of outputs.entries()) {
      const [expected, actual] = [wanted[at], found[name]];
      if (expected === undefined || actual === undefined) throw new Error(`no output ${name}`);
      expectClose(actual, expected);
      // It calls the rounded quotient of floats int32.
      if (!isQuotient) expect(dtype).toBe(expected.dtype);
      expect(shape).toHaveLength(expected.shape.length);
      shape.forEach((dim, axis) => {
        if (typeof dim === "number" && dim >= 0) expect(dim).toBe(expected.shape[axis]);
      });
    }
  }
  await session.release();
  model.dispose();
  return converted;
}
