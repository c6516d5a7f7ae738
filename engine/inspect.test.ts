import { describe, expect, it } from "vitest";
import { inspectionSchema } from "./inspect.schema.ts";
import { inspectModel } from "./inspect.ts";
import { makeInt, makeNode, makeTensorAttribute } from "./onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "./onnx/build.ts";
import { decodeModel } from "./onnx/decode.ts";
import { makeTensor } from "./onnx/make.ts";
import type { Node, Tensor } from "./onnx/model.ts";
import { bytesOf, realModels } from "./testing/models.ts";
import { sharedData } from "./testing/shared.ts";

const floats = (name: string, ...values: number[]) =>
  makeTensor(name, "float32", [values.length], Float32Array.from(values));

function inspect(node: Node[], initializer: Tensor[]) {
  const graph = makeGraph({
    node,
    input: [makeValue("x", "float32", ["n", 2])],
    output: [makeValue("y", "float32")],
    initializer,
  });
  return inspectModel(makeModel(graph), { bytes: 123 });
}

const constant = (name: string, tensor: Tensor) =>
  makeNode("Constant", [], [name], { attribute: [makeTensorAttribute("value", tensor)] });
const add = (...names: string[]) => makeNode("Sum", ["x", ...names], ["y"]);

describe("inspectModel", () => {
  it("fills every key of its schema", () => {
    const found = inspect([add("w")], [floats("w", 1, 0)]);
    expect(inspectionSchema.parse(found)).toEqual(found);
    expect(found).toMatchObject({
      format: "onnx",
      opset: 17,
      bytes: 123,
      inputs: [{ name: "x", dtype: "float32", shape: ["n", 2] }],
      outputs: [{ name: "y", dtype: "float32", shape: ["n", 2] }],
      operators: { Sum: 1 },
      initializers: [{ name: "w", dtype: "float32", shape: [2], bytes: 8 }],
    });
  });

  it("refuses a malformed graph", () => {
    expect(() => inspect([add("absent")], [])).toThrow(/"absent"/);
  });

  it("leaves inputs out that an initializer fills", () => {
    const graph = makeGraph({
      node: [makeNode("Add", ["x", "w"], ["y"])],
      input: [makeValue("x", "float32", [1]), makeValue("w", "float32", [1])],
      output: [makeValue("y", "float32", [1])],
      initializer: [floats("w", 1)],
    });
    expect(inspectModel(makeModel(graph), { bytes: 0 }).inputs.map(({ name }) => name)).toEqual(["x"]);
  });
});

describe("parameters and zeros", () => {
  it("counts a shared initializer once", () => {
    const nodes = [makeNode("Add", ["x", "w"], ["h"]), makeNode("Mul", ["h", "w"], ["y"])];
    expect(inspect(nodes, [floats("w", 1, 2)])).toMatchObject({ parameters: 2, zeros: 0 });
  });

  it("counts both zeros of a float and no others", () => {
    expect(inspect([add("w")], [floats("w", 0, -0, 1e-45, Number.NaN)])).toMatchObject({
      zeros: 2,
      sparsity: 0.5,
    });
  });

  it("counts zeros of float16 by value", () => {
    const half = makeTensor("w", "float16", [4], Uint16Array.of(0, 0x8000, 1, 0x3c00));
    expect(inspect([add("w")], [half])).toMatchObject({ parameters: 4, zeros: 2, quantization: "float16" });
  });

  it("takes float tensors in Constant nodes for weights, scalars and integers not", () => {
    const nodes = [
      constant("a", floats("", 1, 0, 3)),
      constant("b", makeTensor("", "float32", [], Float32Array.of(7))),
      constant("c", makeTensor("", "int64", [2], BigInt64Array.of(1n, 2n))),
      add("a", "b", "c"),
    ];
    expect(inspect(nodes, [])).toMatchObject({ parameters: 3, zeros: 1 });
  });

  it("leaves shapes and indices out", () => {
    const shape = makeTensor("w", "int64", [2], BigInt64Array.of(0n, 2n));
    expect(inspect([makeNode("Reshape", ["x", "w"], ["y"])], [shape])).toMatchObject({
      parameters: 0,
      zeros: 0,
    });
  });

  it("does not read zeros into unsigned integers", () => {
    const quantised = makeTensor("w", "uint8", [3], Uint8Array.of(0, 128, 0));
    expect(inspect([add("w")], [quantised])).toMatchObject({ parameters: 3, zeros: 0, sparsity: 0 });
  });

  it("leaves scales and zero points out, whoever else is multiplied", () => {
    const scale = (name: string) => makeTensor(name, "float32", [], Float32Array.of(0.5));
    const zero = makeTensor("z", "int8", [], Int8Array.of(0));
    const weights = makeTensor("w", "int8", [2, 2], Int8Array.of(1, 2, 3, 4));
    const nodes = [
      makeNode("DynamicQuantizeLinear", ["x"], ["q", "qs", "qz"]),
      makeNode("MatMulInteger", ["q", "w", "qz", "z"], ["i"]),
      makeNode("Cast", ["i"], ["f"], { attribute: [makeInt("to", 1)] }),
      makeNode("Mul", ["qs", "s"], ["both"]),
      makeNode("Mul", ["f", "both"], ["m"]),
      makeNode("Mul", ["m", "learnt"], ["y"]),
    ];
    expect(inspect(nodes, [weights, zero, scale("s"), scale("learnt")])).toMatchObject({ parameters: 4 + 1 });
  });

  it("counts a scale that something else reads too", () => {
    const nodes = [
      makeNode("QuantizeLinear", ["x", "s"], ["q"]),
      makeNode("DequantizeLinear", ["q", "s"], ["y"]),
      makeNode("Add", ["x", "s"], ["z"]),
    ];
    expect(inspect(nodes, [floats("s", 1)])).toMatchObject({ parameters: 1 });
    expect(inspect(nodes.slice(0, 2), [floats("s", 1)])).toMatchObject({ parameters: 0 });
  });

  it("counts the weights of a packed table, two in a byte", () => {
    const table = makeTensor("w", "uint8", [3, 16], new Uint8Array(48));
    const scales = makeTensor("s", "float32", [3, 1], new Float32Array(3));
    const index = makeTensor("i", "int64", [1], BigInt64Array.of(1n));
    const reader = (bits: number) =>
      makeNode("GatherBlockQuantized", ["w", "i", "s"], ["y"], {
        domain: "com.microsoft",
        attribute: [makeInt("bits", bits), makeInt("block_size", 32)],
      });
    expect(inspect([reader(4)], [table, scales, index])).toMatchObject({ parameters: 96 });
    expect(inspect([reader(8)], [table, scales, index])).toMatchObject({ parameters: 48 });
  });

  it("counts packed 4-bit weights, not their bytes", () => {
    const packed = makeTensor("w", "uint8", [6, 1, 1], new Uint8Array(6));
    const scales = makeTensor("s", "float32", [6], new Float32Array(6).fill(1));
    const node = makeNode("MatMulNBits", ["x", "w", "s"], ["y"], {
      domain: "com.microsoft",
      attribute: [makeInt("K", 2), makeInt("N", 6), makeInt("bits", 4), makeInt("block_size", 16)],
    });
    expect(inspect([node], [packed, scales])).toMatchObject({
      parameters: 12,
      quantization: "weights-nbits",
      macs: 12,
    });
  });
});

/** Each beside the model that it was made from. */
const quantised: [string, string][] = [
  ...["default", "pc_rr", "per_channel", "quint8", "reduce_range"].flatMap((kind): [string, string][] => [
    [`golden/dynamic/mnist2x10.${kind}.onnx`, "data/onnx/mnist/mnist2x10.onnx"],
    [`golden/dynamic/cnn_max_mninst2.${kind}.onnx`, "data/onnx/mnist/cnn_max_mninst2.onnx"],
    [`golden/dynamic/torch_lstm.${kind}.onnx`, "data/torch/torch_lstm.onnx"],
  ]),
  ["golden/static/mnist2x10.qop_u8u8.onnx", "data/onnx/mnist/mnist2x10.onnx"],
  ["golden/static/cnn_max_mninst2.qdq_u8s8.onnx", "data/onnx/mnist/cnn_max_mninst2.onnx"],
  ["golden/nbits/cnn_max_mninst2.default_b32_asym.onnx", "data/onnx/mnist/cnn_max_mninst2.onnx"],
  ["golden/nbits/cnn_max_mninst2.qdq_b32_sym.onnx", "data/onnx/mnist/cnn_max_mninst2.onnx"],
];
describe.skipIf(sharedData("golden") === undefined)("quantisation adds no parameters:", () => {
  it.each(quantised)("%s", (path, source) => {
    const [after, before] = [path, source].map((name) => {
      const bytes = bytesOf(sharedData(name) ?? "");
      return inspectModel(decodeModel(bytes), { bytes: bytes.length }).parameters;
    });
    expect(after).toBe(before);
  });
});

const kinds: [string, string][] = [
  ["golden/dynamic/cnn_max_mninst2.default.onnx", "dynamic"],
  ["golden/static/cnn_max_mninst2.qdq_u8s8.onnx", "static-qdq"],
  ["golden/static/mnist2x10.qop_u8u8.onnx", "static-qoperator"],
  ["golden/nbits/cnn_max_mninst2.qdq_b32_sym.onnx", "weights-qdq"],
  ["golden/nbits/cnn_max_mninst2.default_b32_sym.onnx", "weights-nbits"],
  ["golden/float16/mnist2x10.io_fp16.onnx", "float16"],
  ["data/torch/torch_lstm.onnx", "none"],
];
describe.skipIf(sharedData("golden") === undefined)("the quantisation of", () => {
  it.each(kinds)("%s is %s", (path, kind) => {
    const bytes = bytesOf(sharedData(path) ?? "");
    expect(inspectModel(decodeModel(bytes), { bytes: bytes.length }).quantization).toBe(kind);
  });
});

const models = realModels("data/onnx", "data/torch", "data/huggingface", "golden");
describe.skipIf(models.length === 0)("real models", () => {
  it.each(models)("$name", ({ path }) => {
    const bytes = bytesOf(path);
    const found = inspectModel(decodeModel(bytes), { bytes: bytes.length });
    expect(inspectionSchema.safeParse(found).error).toBeUndefined();
  });

  // Two convolutions and two dense layers, weights and biases.
  it.each([["data/torch/torch_cnn_bn.onnx", 16 * 9 + 16 + 32 * 16 * 9 + 32 + 1568 * 64 + 64 + 64 * 10 + 10]])(
    "%s has %d parameters",
    (path, expected) => {
      const bytes = bytesOf(sharedData(path) ?? "");
      expect(inspectModel(decodeModel(bytes), { bytes: bytes.length }).parameters).toBe(expected);
    },
  );
});
