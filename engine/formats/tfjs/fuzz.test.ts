import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { encodedLength } from "#engine/onnx/encode.ts";
import { byteEdits } from "#engine/testing/byte-edits.ts";
import { filesOf } from "../source.ts";
import { convertTensorflowJs } from "./convert.ts";
import { attr, TestGraph, type TestNode } from "./testing/graph.ts";
import { mutated } from "./testing/mutate.ts";
import { filesFor, type Saved, saved } from "./testing/save.ts";
import { chain, value } from "./testing/sequential.ts";

const { layers } = tf;
const utf8 = new TextEncoder();
const inTime = 2_000;
let corpus: Saved[] = [];

beforeAll(async () => {
  await tf.setBackend("cpu");
  const image = chain(
    [8, 8, 3],
    layers.zeroPadding2d(),
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding: "same", activation: "relu" }),
    layers.batchNormalization(),
    layers.depthwiseConv2d({ kernelSize: 3 }),
    layers.upSampling2d({}),
    layers.maxPooling2d({}),
    layers.globalAveragePooling2d({}),
    layers.dense({ units: 2, activation: "softmax" }),
  );
  const words = chain(
    [6],
    layers.embedding({ inputDim: 9, outputDim: 4 }),
    layers.bidirectional({ layer: layers.lstm({ units: 2, returnSequences: true }) as tf.RNN }),
    layers.timeDistributed({ layer: layers.dense({ units: 3 }) }),
    layers.gru({ units: 2 }),
  );
  const [a, b] = [tf.input({ shape: [3, 4] }), tf.input({ shape: [4] })];
  const inner = tf.sequential({
    layers: [layers.dense({ units: 4, inputShape: [4] }), layers.dropout({ rate: 0.1 })],
  });
  const both = value(layers.add(), [
    value(layers.reshape({ targetShape: [4, 3] }), a),
    value(layers.repeatVector({ n: 4 }), value(layers.dense({ units: 3 }), value(inner, b))),
  ]);
  const forked = tf.model({
    inputs: [a, b],
    outputs: [value(layers.layerNormalization(), both), value(layers.concatenate(), [both, both])],
  });
  corpus = [...(await Promise.all([image, words, forked].map(saved))), operators()];
});

/** A GraphModel with arithmetic of shapes, places and borders. */
function operators(): Saved {
  const graph = new TestGraph();
  const x = graph.input("x", [-1, 6, 6, 2]);
  const kernel = graph.constant(
    "kernel",
    Array.from({ length: 36 }, (_, at) => at / 36),
    [3, 3, 2, 2],
  );
  const four = attr.ints([1, 1, 1, 1]);
  const window = {
    strides: four,
    dilations: four,
    padding: attr.text("SAME"),
    data_format: attr.text("NHWC"),
  };
  const bias = graph.constant("bias", [1, 2]);
  const seen = graph.node("_FusedConv2D", [x, kernel, bias], {
    ...window,
    fused_ops: attr.texts(["BiasAdd", "Relu6"]),
    num_args: attr.int(1),
  });
  const padded = graph.node("Pad", [seen, graph.ints("pads", [0, 0, 1, 1, 0, 0, 0, 0], [4, 2])]);
  const sized = graph.node("ResizeBilinear", [padded, graph.ints("size", [4, 4])], {
    align_corners: attr.bool(true),
  });
  const size = graph.node("Shape", [sized]);
  const first = graph.node(
    "StridedSlice",
    [size, graph.ints("b", [0]), graph.ints("e", [1]), graph.ints("s", [1])],
    { shrink_axis_mask: attr.int(1) },
  );
  const shape = graph.node("Pack", [first, graph.ints("all", [32], [])], { axis: attr.int(0) });
  const flat = graph.node("Reshape", [sized, shape]);
  const halves = graph.node("Split", [graph.ints("axis", [1], []), flat], { num_split: attr.int(2) });
  const joined = graph.node("ConcatV2", [`${halves}:1`, halves, graph.ints("last", [-1], [])]);
  const mean = graph.node("Mean", [joined, graph.ints("over", [1])], { keep_dims: attr.bool(true) });
  graph.node("Softmax", [graph.node("Sub", [joined, mean])]);
  return graph.saved({
    inputs: { image: { name: "x:0", dtype: "DT_FLOAT" } },
    outputs: { classes: { name: "Softmax:0" } },
  });
}

/** Converts what it can: anything but a valid graph or an EngineError fails the test. */
function survive(convert: () => ReturnType<typeof convertTensorflowJs>): boolean {
  const start = performance.now();
  try {
    const { model } = convert();
    validateModel(model);
    expect(encodedLength(model)).toBeLessThan(2 ** 31);
    return true;
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(error.message).not.toBe("");
    expect(error.message.length).toBeLessThan(2_000);
    return false;
  } finally {
    expect(performance.now() - start).toBeLessThan(inTime);
  }
}

// Not a double, most of which are close to zero.
const share = fc.nat(2 ** 24 - 1).map((at) => at / 2 ** 24);

describe("hostile files", () => {
  it("come from models that are none", () => {
    for (const seed of corpus) expect(survive(() => convertTensorflowJs(filesFor(seed)))).toBe(true);
  });

  it("are a graph or an EngineError, whatever stands in the model.json", { timeout: 240_000 }, () => {
    const found = { graph: 0, error: 0 };
    const edits = fc.array(fc.record({ at: share, kind: fc.nat(10_000) }), { minLength: 1, maxLength: 4 });
    void fc.assert(
      fc.property(fc.nat(), edits, (which, list) => {
        const seed = corpus[which % corpus.length];
        if (seed === undefined) return;
        const json = mutated(seed.json, list);
        const isGraph = survive(() => convertTensorflowJs(filesFor({ json, weights: seed.weights })));
        found[isGraph ? "graph" : "error"]++;
      }),
      { numRuns: 3_000 },
    );
    // Both must happen, or the edits are too weak or too strong to tell anything.
    expect(found.graph).toBeGreaterThan(100);
    expect(found.error).toBeGreaterThan(100);
  });

  it("and whatever the bytes are", { timeout: 240_000 }, () => {
    const edit = fc.record({
      kind: fc.constantFrom(...Object.values(byteEdits)),
      at: share,
      value: fc.nat(255),
    });
    void fc.assert(
      fc.property(
        fc.nat(),
        fc.boolean(),
        fc.array(edit, { minLength: 1, maxLength: 3 }),
        (which, isJson, list) => {
          const seed = corpus[which % corpus.length];
          if (seed === undefined) return;
          const broken = (bytes: Uint8Array) =>
            list.reduce(
              (now, { kind, at, value: number }) =>
                now.length === 0 ? now : kind(now, Math.floor(at * now.length), number),
              bytes,
            );
          const text = utf8.encode(JSON.stringify(seed.json));
          survive(() =>
            convertTensorflowJs(
              filesOf({
                "model.json": isJson ? broken(text) : text,
                "weights.bin": isJson ? seed.weights : broken(seed.weights),
              }),
            ),
          );
        },
      ),
      { numRuns: 1_500 },
    );
  });
});

/** What fuzzing and thought have found, in a few words of JSON each. */
const layer = (className: string, config: object) => ({ class_name: className, config });
const sequential = (...list: object[]) => ({ class_name: "Sequential", config: { name: "s", layers: list } });
const input = (shape: unknown) => layer("InputLayer", { name: "x", batch_input_shape: shape });

function doubled(depth: number): object {
  let model: object = {
    class_name: "Sequential",
    name: "m0",
    config: { name: "m0", layers: [input([null, 2]), layer("ReLU", { name: "r" })] },
  };
  for (let at = 1; at <= depth; at++) {
    const name = `m${at}`;
    const inside = `m${at - 1}`;
    model = {
      class_name: "Model",
      name,
      config: {
        name,
        layers: [
          { ...input([null, 2]), name: "x", inbound_nodes: [] },
          { ...model, inbound_nodes: [[["x", 0, 0, {}]], [[inside, 0, 0, {}]]] },
        ],
        input_layers: [["x", 0, 0]],
        output_layers: [[inside, 1, 0]],
      },
    };
  }
  return model;
}

const cases: Record<string, [object, RegExp]> = {
  "a layer that is its own input": [
    {
      class_name: "Model",
      config: {
        name: "m",
        layers: [
          { ...input([null, 2]), name: "x", inbound_nodes: [] },
          { ...layer("ReLU", {}), name: "r", inbound_nodes: [[["r", 0, 0, {}]]] },
        ],
        input_layers: [["x", 0, 0]],
        output_layers: [["r", 0, 0]],
      },
    },
    /its own result/,
  ],
  "models that call models twice": [doubled(18), /applied more than/],
  "models in models": [doubled(40), /inside of each other/],
  "a layer that is not there": [
    {
      class_name: "Model",
      config: {
        layers: [{ ...input([null, 2]), name: "x" }],
        input_layers: [["x", 0, 0]],
        output_layers: [["gone", 3, 0]],
      },
    },
    /not there/,
  ],
  "a vector that is repeated without end": [
    sequential(input([null, 2 ** 20]), layer("RepeatVector", { n: 2 ** 31 - 1 })),
    /more than/,
  ],
  "an image that grows without end": [
    sequential(input([null, 9, 9, 3]), layer("UpSampling2D", { size: 2 ** 20 })),
    /65536/,
  ],
  "padding beyond all bounds": [
    sequential(input([null, 9, 9, 3]), layer("ZeroPadding2D", { padding: 2 ** 30 })),
    /padding/,
  ],
  "an input without a shape": [sequential(layer("ReLU", { name: "r" })), /shape of the model's input/],
  "an input of no size": [sequential(input([null, 0]), layer("ReLU", {})), /batch_input_shape/],
  "an input of names": [
    sequential(
      { ...input([null, 2]), config: { name: "x", batch_input_shape: [null, 2], dtype: "string" } },
      layer("ReLU", {}),
    ),
    /Inputs of type string/,
  ],
  "no layers": [sequential(), /no layers/],
  "a window larger than the image": [
    sequential(input([null, 3, 3, 1]), layer("MaxPooling2D", { pool_size: 5, padding: "valid" })),
    /larger than its input/,
  ],
  "weights that are not there": [
    sequential(input([null, 2]), layer("Dense", { name: "d", units: 3 })),
    /weights have none/,
  ],
  "a wrapper in a wrapper": [
    sequential(
      input([null, 4, 3]),
      Array.from({ length: 300 }).reduce<object>(
        (inner) => layer("TimeDistributed", { layer: inner }),
        layer("Dense", { units: 2 }),
      ),
    ),
    /no steps/,
  ],
};

const graphs: Record<string, [TestNode[], RegExp]> = {
  "a circle": [
    [
      { name: "a", op: "Relu", input: ["b"] },
      { name: "b", op: "Relu", input: ["a"] },
      { name: "c", op: "Relu", input: ["a"] },
    ],
    /its own result/,
  ],
  "an edge to nowhere": [[{ name: "a", op: "Relu", input: ["gone:7"] }], /"gone", which is not there/],
  "an edge without a number": [[{ name: "a", op: "Relu", input: ["b:c"] }], /no number/],
  "a constant without values": [
    [
      { name: "c", op: "Const" },
      { name: "a", op: "Relu", input: ["c"] },
    ],
    /no values for this constant/,
  ],
  "operators that nobody knows": [
    [
      { name: "a", op: "constructor" },
      { name: "b", op: "__proto__" },
    ],
    /constructor \(.*__proto__ \(/,
  ],
  "no outputs": [[{ name: "n", op: "NoOp" }], /no outputs/],
  "two nodes of one name": [
    [
      { name: "n", op: "Relu" },
      { name: "n", op: "Relu" },
    ],
    /Two nodes/,
  ],
  "a node without inputs": [[{ name: "n", op: "Relu" }], /no input 0/],
};

describe("hostile graphs", () => {
  it.each(Object.entries(graphs))("%s", (_, [node, message]) => {
    const json = { modelTopology: { node }, weightsManifest: [] };
    const run = () => convertTensorflowJs(filesOf({ "model.json": utf8.encode(JSON.stringify(json)) }));
    expect(run).toThrow(EngineError);
    expect(run).toThrow(message);
  });

  it("a chain of any length", () => {
    const node = Array.from({ length: 20_000 }, (_, at) => ({
      name: `n${at}`,
      op: "Relu",
      input: [at === 0 ? "x" : `n${at - 1}`],
    }));
    const x = {
      name: "x",
      op: "Placeholder",
      attr: { dtype: { type: "DT_FLOAT" }, shape: { shape: { dim: [{ size: "2" }] } } },
    };
    const json = { modelTopology: { node: [...node.reverse(), x] }, weightsManifest: [] };
    expect(
      survive(() => convertTensorflowJs(filesOf({ "model.json": utf8.encode(JSON.stringify(json)) }))),
    ).toBe(true);
  });

  it("a value that doubles without end", () => {
    const node: object[] = [
      {
        name: "n0",
        op: "Placeholder",
        attr: { dtype: { type: 1 }, shape: { shape: { dim: [{ size: "2" }] } } },
      },
    ];
    const axis = { name: "axis", op: "Const" };
    for (let at = 1; at <= 60; at++)
      node.push({ name: `n${at}`, op: "ConcatV2", input: [`n${at - 1}`, `n${at - 1}`, "axis"] });
    const manifest = [{ paths: ["w"], weights: [{ name: "axis", shape: [], dtype: "int32" }] }];
    const json = { modelTopology: { node: [axis, ...node] }, weightsManifest: manifest };
    const files = filesOf({ "model.json": utf8.encode(JSON.stringify(json)), w: new Uint8Array(4) });
    expect(() => convertTensorflowJs(files)).toThrow(/more than 2147483648/);
  });

  it("a shape that doubles without end, and values in parts without end", () => {
    const graph = new TestGraph();
    let last = graph.node("Shape", [graph.input("x", [-1, 2])], {}, "n0");
    const axis = graph.ints("axis", [0], []);
    for (let at = 1; at <= 40; at++) last = graph.node("ConcatV2", [last, last, axis], {}, `n${at}`);
    expect(survive(() => convertTensorflowJs(filesFor(graph.saved())))).toBe(false);
    const parts = new TestGraph();
    const many = parts.input("x", [2 ** 30]);
    parts.node("Split", [parts.ints("axis", [0], []), many], { num_split: attr.int(2 ** 30) });
    for (let at = 0; at < 100; at++) parts.node("Unpack", [parts.input(`y${at}`, [10_000])], {}, `all${at}`);
    expect(survive(() => convertTensorflowJs(filesFor(parts.saved())))).toBe(false);
  });
});

describe("hostile layers", () => {
  it.each(Object.entries(cases))("%s", (_, [modelTopology, message]) => {
    const json = { modelTopology: { ...modelTopology }, weightsManifest: [] };
    const text = utf8.encode(JSON.stringify(json));
    const start = performance.now();
    const run = () => convertTensorflowJs(filesOf({ "model.json": text }));
    expect(run).toThrow(EngineError);
    expect(performance.now() - start).toBeLessThan(inTime);
    expect(run).toThrow(message);
  });
});
