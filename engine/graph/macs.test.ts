import { describe, expect, it } from "vitest";
import { makeInt, makeInts, makeNode, makeString } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue, type ShapeSpec } from "#engine/onnx/build.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { attributeType, type Node, type Tensor } from "#engine/onnx/model.ts";
import { bytesOf } from "#engine/testing/models.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { countMacs } from "./macs.ts";

const weights = (name: string, ...dims: number[]): Tensor =>
  makeTensor(name, "float32", dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));

function one(node: Node, shape: ShapeSpec, initializer: Tensor[], more: ReturnType<typeof makeValue>[] = []) {
  return makeModel(
    makeGraph({
      node: [node],
      input: [makeValue("x", "float32", shape), ...more],
      output: [makeValue("y", "float32")],
      initializer,
    }),
  );
}

describe("counted by hand", () => {
  it.each<[string, Node, ShapeSpec, Tensor[], number]>([
    // LeNet-5's first layer: 6 maps of 28×28, 5×5 weights each.
    [
      "convolution",
      makeNode("Conv", ["x", "w"], ["y"]),
      [1, 1, 32, 32],
      [weights("w", 6, 1, 5, 5)],
      6 * 28 * 28 * 25,
    ],
    [
      "stride and pads",
      makeNode("Conv", ["x", "w"], ["y"], {
        attribute: [makeInts("strides", [2, 2]), makeInts("pads", [3, 3, 3, 3])],
      }),
      [1, 3, 224, 224],
      [weights("w", 64, 3, 7, 7)],
      64 * 112 * 112 * 147,
    ],
    [
      "depthwise",
      makeNode("Conv", ["x", "w"], ["y"], {
        attribute: [makeInt("group", 8), makeString("auto_pad", "SAME_UPPER")],
      }),
      [1, 8, 10, 10],
      [weights("w", 8, 1, 3, 3)],
      8 * 100 * 9,
    ],
    [
      "transposed",
      makeNode("ConvTranspose", ["x", "w"], ["y"], { attribute: [makeInts("strides", [2, 2])] }),
      [1, 4, 5, 5],
      [weights("w", 4, 3, 2, 2)],
      4 * 25 * 12,
    ],
    [
      "matrix product",
      makeNode("MatMul", ["x", "w"], ["y"]),
      [2, 7, 30],
      [weights("w", 30, 50)],
      2 * 7 * 30 * 50,
    ],
    [
      "Gemm, transposed",
      makeNode("Gemm", ["x", "w"], ["y"], { attribute: [makeInt("transB", 1)] }),
      [4, 30],
      [weights("w", 50, 30)],
      4 * 30 * 50,
    ],
    [
      "Einsum",
      makeNode("Einsum", ["x", "w"], ["y"], { attribute: [makeString("equation", "bij,jk->bik")] }),
      [2, 3, 5],
      [weights("w", 5, 7)],
      2 * 3 * 5 * 7,
    ],
    [
      "LSTM",
      makeNode("LSTM", ["x", "w", "r"], ["y"], { attribute: [makeInt("hidden_size", 16)] }),
      [9, 2, 8],
      [weights("w", 1, 64, 8), weights("r", 1, 64, 16)],
      9 * 2 * 4 * 16 * 24,
    ],
    [
      "GRU both ways",
      makeNode("GRU", ["x", "w", "r"], ["y"], {
        attribute: [makeInt("hidden_size", 16), makeString("direction", "bidirectional")],
      }),
      [9, 2, 8],
      [weights("w", 2, 48, 8), weights("r", 2, 48, 16)],
      2 * 9 * 2 * 3 * 16 * 24,
    ],
    ["activations count nothing", makeNode("Relu", ["x"], ["y"]), [100, 100], [], 0],
  ])("%s", (_, node, shape, tensors, expected) => {
    expect(countMacs(one(node, shape, tensors))).toMatchObject({ macs: expected, leftOut: [] });
  });

  it("counts a symbolic batch as 1 and says so, or as given", () => {
    const model = one(makeNode("MatMul", ["x", "w"], ["y"]), ["n", 30], [weights("w", 30, 50)]);
    expect(countMacs(model)).toMatchObject({
      macs: 1500,
      assumed: [{ input: "x", axis: 0, dim: "n", size: 1 }],
    });
    expect(countMacs(model, { n: 8 }).macs).toBe(12_000);
  });

  it("says which nodes it leaves out and why, and gives null where nothing could be counted", () => {
    const model = one(
      makeNode("Conv", ["x", "w"], ["y"], { name: "stem" }),
      ["n", 3, "height", "width"],
      [weights("w", 8, 3, 3, 3)],
    );
    expect(countMacs(model)).toMatchObject({
      macs: null,
      leftOut: [{ node: 'main graph, Conv "stem"', reason: "a shape is not known" }],
    });
    expect(countMacs(model, { height: 12, width: 12 }).macs).toBe(8 * 100 * 27);
  });

  it("counts the body of a loop once a turn, and not where the turns are unknown", () => {
    const body = makeGraph({
      node: [makeNode("Identity", ["go"], ["again"]), makeNode("MatMul", ["s", "w"], ["t"])],
      input: [makeValue("i", "int64", []), makeValue("go", "bool", []), makeValue("s", "float32", [4, 6])],
      output: [makeValue("again", "bool", []), makeValue("t", "float32", [4, 6])],
    });
    const loop = (trips: string) =>
      makeNode("Loop", [trips, "", "x"], ["y"], {
        attribute: [{ name: "body", type: attributeType.graph, g: body }],
      });
    const constants = [weights("w", 6, 6), makeTensor("trips", "int64", [], BigInt64Array.of(5n))];
    expect(countMacs(one(loop("trips"), [4, 6], constants)).macs).toBe(5 * 4 * 6 * 6);
    const open = countMacs(one(loop("n"), [4, 6], constants, [makeValue("n", "int64", [])]));
    expect(open).toMatchObject({ macs: null, leftOutCount: 1 });
    expect(open.leftOut[0]?.reason).toMatch(/how often/);
  });

  it("counts a local function at each call", () => {
    const model = one(
      makeNode("Twice", ["x", "w"], ["y"], { domain: "local" }),
      [3, 5],
      [weights("w", 5, 5)],
    );
    model.functions = [
      {
        name: "Twice",
        domain: "local",
        input: ["a", "b"],
        output: ["d"],
        node: [makeNode("MatMul", ["a", "b"], ["c"]), makeNode("MatMul", ["c", "b"], ["d"])],
        opsetImport: [{ version: 17 }],
      },
    ];
    expect(countMacs(model).macs).toBe(2 * 3 * 25);
  });

  it("ends on functions that multiply without end", () => {
    const model = one(makeNode("f0", ["x"], ["y"], { domain: "local" }), [1], []);
    model.functions = Array.from({ length: 60 }, (_, at) => ({
      name: `f${at}`,
      domain: "local",
      input: ["a"],
      output: ["c"],
      node: [
        makeNode(`f${at + 1}`, ["a"], ["b"], { domain: "local" }),
        makeNode(`f${at + 1}`, ["b"], ["c"], { domain: "local" }),
      ],
      opsetImport: [{ version: 17 }],
    }));
    expect(countMacs(model).leftOut[0]?.reason).toMatch(/too deeply/);
  });
});

describe.skipIf(sharedData("data/onnx/light") === undefined)("published figures at 224×224", () => {
  it.each([
    ["data/onnx/light/light_resnet50.onnx", 4_089_184_256],
    ["data/onnx/light/light_densenet121.onnx", 2_834_161_664],
    ["data/onnx/light/light_squeezenet.onnx", 349_151_936],
  ])("%s", (path, expected) => {
    expect(countMacs(decodeModel(bytesOf(sharedData(path) ?? "")))).toMatchObject({
      macs: expected,
      leftOut: [],
      assumed: [],
    });
  });
});
