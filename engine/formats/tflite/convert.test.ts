import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { InferenceSession, Tensor } from "#engine/runtime/onnxruntime.ts";
import { filesOf } from "../source.ts";
import { convertTensorFlowLite } from "./convert.ts";
import { optionTables } from "./reader/options.ts";
import { buildModel, type ModelSpec, type TensorSpec } from "./testing/build.ts";
import { compareModel, relativeError, steps } from "./testing/compare.ts";

const convert = (spec: ModelSpec) => convertTensorFlowLite(filesOf({ "model.tflite": buildModel(spec) }));

function refusal(spec: ModelSpec): EngineError {
  try {
    convert(spec);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error("It was converted");
}

const wholes = (...data: number[]): TensorSpec => ({ shape: [data.length], type: "int32", data });
const relu = (from: number, to: number) => ({ name: "RELU", inputs: [from], outputs: [to] });
const x = { shape: [1, 4] };

/** The shapes of inputs and outputs by name. */
function ends({ model }: ReturnType<typeof convert>) {
  const of = (list: typeof model.graph.input) =>
    list.map(({ name, type }) => [
      name,
      type?.tensorType?.shape?.dim.map(({ dimParam, dimValue }) => dimParam ?? dimValue),
    ]);
  return [of(model.graph.input), of(model.graph.output)];
}

describe("names", () => {
  it("of inputs and outputs stay, in order; others of the same name give way", async () => {
    const spec: ModelSpec = {
      tensors: [
        { ...x, name: "same" },
        { ...x, name: "b" },
        { ...x, name: "out:0" },
        { ...x, name: "" },
        { ...x, name: "same" },
      ],
      inputs: [4, 1],
      outputs: [2, 3],
      operators: [
        relu(4, 0),
        { name: "ADD", inputs: [0, 1], outputs: [2], options: { union: "Add" } },
        relu(1, 3),
      ],
    };
    const result = convert(spec);
    validateModel(result.model);
    expect(ends(result)).toEqual([
      [
        ["same", ["batch", 4]],
        ["b", ["batch", 4]],
      ],
      [
        ["out:0", ["batch", 4]],
        ["tensor_3", ["batch", 4]],
      ],
    ]);
    expect(result.operators).toEqual({ RELU: 2, ADD: 1 });
    expect(relativeError(await compareModel(buildModel(spec)))).toBe(0);
  });

  it("an output that is an input, a constant or given twice gets a node of its own", async () => {
    const result = convert({
      tensors: [x, { ...x, data: [1, 2, 3, 4] }, x],
      inputs: [0],
      outputs: [0, 1, 2, 2],
      operators: [relu(0, 2)],
    });
    validateModel(result.model);
    expect(result.model.graph.output.map(({ name }) => name)).toEqual([
      "t0/output",
      "t1/output",
      "t2",
      "t2/output",
    ]);
  });
});

describe("the batch", () => {
  const flatten = (signature?: number[]): ModelSpec => ({
    tensors: [
      { shape: [1, 2, 3], ...(signature && { signature }) },
      { shape: [3], type: "int32" },
      wholes(0),
      wholes(1),
      wholes(1),
      { shape: [], type: "int32" },
      { shape: [], type: "int32", data: [6] },
      { shape: [2], type: "int32" },
      { shape: [1, 6] },
    ],
    inputs: [0],
    outputs: [8],
    operators: [
      { name: "SHAPE", inputs: [0], outputs: [1] },
      {
        name: "STRIDED_SLICE",
        inputs: [1, 2, 3, 4],
        outputs: [5],
        options: { union: "StridedSlice", fields: optionTables.stridedSlice, values: { shrinkAxisMask: 1 } },
      },
      {
        name: "PACK",
        inputs: [5, 6],
        outputs: [7],
        options: { union: "Pack", fields: optionTables.pack, values: { valuesCount: 2 } },
      },
      { name: "RESHAPE", inputs: [0, 7], outputs: [8] },
    ],
  });

  it("is open through a shape that is computed from that of the input", () => {
    const result = convert(flatten([-1, 2, 3]));
    expect(ends(result)).toEqual([[["t0", ["batch", 2, 3]]], [["t8", ["batch", 6]]]]);
    expect(result.model.graph.node.map(({ opType }) => opType)).toEqual(["Reshape"]);
    expect(result.notes).toEqual([]);
  });

  it("stays 1 where an operator mixes items, which is said", () => {
    const result = convert({
      tensors: [x, wholes(0), { shape: [4] }],
      inputs: [0],
      outputs: [2],
      operators: [{ name: "SUM", inputs: [0, 1], outputs: [2] }],
    });
    expect(ends(result)[0]).toEqual([["t0", [1, 4]]]);
    expect(result.notes).toEqual([{ key: "tflite.oneItem", params: { place: "operator 0, SUM" } }]);
  });

  it("other open dimensions are refused", () => {
    const error = refusal(flatten([-1, -1, 3]));
    expect([error.code, error.message]).toEqual([
      "unsupported",
      'Dimension 1 of this input is open (at tensor "t0")',
    ]);
  });
});

describe("what is missing", () => {
  it("is named with place and count, forms too", () => {
    const tensors: TensorSpec[] = [x, x, x, x, { shape: [1], type: "int32" }, x];
    const error = refusal({
      tensors,
      inputs: [0, 4],
      outputs: [5],
      operators: [
        { name: "CUSTOM Wizard", inputs: [0], outputs: [1] },
        { name: "CUSTOM Wizard", inputs: [1], outputs: [2] },
        { name: "UNIQUE", inputs: [2], outputs: [3] },
        { name: "TRANSPOSE", inputs: [3, 4], outputs: [5] },
      ],
    });
    expect(error.code).toBe("unsupported");
    expect(error.detail).toBe(
      "It uses what cannot be converted: CUSTOM Wizard (2 times, first operator 0, CUSTOM Wizard), UNIQUE (operator 2, UNIQUE), TRANSPOSE with computed axes (operator 3, TRANSPOSE)",
    );
  });

  it("does not matter where no output needs it; other subgraphs are spoken of", () => {
    const result = convert({
      tensors: [x, x, x],
      inputs: [0],
      outputs: [2],
      operators: [{ name: "UNIQUE", inputs: [0], outputs: [1] }, relu(0, 2)],
      others: 2,
    });
    expect(result.notes).toEqual([{ key: "tflite.otherSubgraphs", params: { count: 2 } }]);
    expect(result.operators).toEqual({ UNIQUE: 1, RELU: 1 });
  });
});

describe("constants", () => {
  it("behind the FlatBuffer, as in models beyond 2 GiB, are found there", async () => {
    const spec: ModelSpec = {
      tensors: [
        x,
        { shape: [3, 4], data: Array.from({ length: 12 }, (_, at) => at - 5) },
        { shape: [3], data: [1, 2, 3] },
        { shape: [1, 3] },
      ],
      inputs: [0],
      outputs: [3],
      operators: [
        {
          name: "FULLY_CONNECTED",
          inputs: [0, 1, 2],
          outputs: [3],
          options: { union: "FullyConnected", fields: optionTables.fullyConnected, values: {} },
        },
      ],
      isOutside: true,
    };
    expect(relativeError(await compareModel(buildModel(spec)))).toBeLessThanOrEqual(1e-6);
    expect(convert(spec).model.graph.initializer).toEqual(
      convert({ ...spec, isOutside: false }).model.graph.initializer,
    );
  });

  it("a bias that is left out is zero", async () => {
    const spec = (biases: number[]): ModelSpec => ({
      tensors: [
        { shape: [1, 3, 3, 2] },
        { shape: [2, 2, 2, 2], data: Array.from({ length: 16 }, (_, at) => Math.sin(at)) },
        { shape: [2], data: [0, 0] },
        { shape: [1, 2, 2, 2] },
      ],
      inputs: [0],
      outputs: [3],
      operators: [
        {
          name: "CONV_2D",
          inputs: [0, 1, ...biases],
          outputs: [3],
          options: {
            union: "Conv2D",
            fields: optionTables.conv2d,
            values: { padding: 1, strideW: 1, strideH: 1 },
          },
        },
      ],
    });
    expect(relativeError(await compareModel(buildModel(spec([2]))))).toBeLessThanOrEqual(1e-6);
    for (const biases of [[], [-1]]) {
      const [conv] = convert(spec(biases)).model.graph.node.filter(({ opType }) => opType === "Conv");
      expect(conv?.input.length).toBe(2);
    }
  });

  it("that many tensors read from one buffer are bounded", () => {
    const shape = [64, 3, 3, 64];
    const data = new Uint8Array(4 * 64 * 9 * 64);
    const count = 900;
    const tensors: TensorSpec[] = [{ shape: [1, 8, 8, 64] }];
    const operators: ModelSpec["operators"][number][] = [];
    for (let layer = 0; layer < count; layer++) {
      tensors.push({ shape, ...(layer === 0 ? { data } : { sharedWith: 1 }) }, { shape: [1, 8, 8, 64] });
      operators.push({
        name: "CONV_2D",
        inputs: [2 * layer, 2 * layer + 1],
        outputs: [2 * layer + 2],
        options: { union: "Conv2D", fields: optionTables.conv2d, values: { strideW: 1, strideH: 1 } },
      });
    }
    const error = refusal({ tensors, inputs: [0], outputs: [2 * count], operators });
    expect(error.code).toBe("limit-exceeded");
  });
});

it.each([
  [0, "int32", Int32Array.of(2, 3, 4)],
  [4, "int64", BigInt64Array.of(2n, 3n, 4n)],
] as const)("SHAPE is a tensor of the type that is asked for (%i, %s)", async (outType, type, expected) => {
  const { model } = convert({
    tensors: [{ shape: [2, 3, 4] }, { shape: [3], type }],
    inputs: [0],
    outputs: [1],
    operators: [
      {
        name: "SHAPE",
        inputs: [0],
        outputs: [1],
        options: {
          union: "Shape",
          fields: { outType: { at: 0, kind: "byte", fallback: 0 } },
          values: { outType },
        },
      },
    ],
  });
  const session = await InferenceSession.create(joinChunks(encodeModel(model)));
  const results = await session.run({ t0: new Tensor("float32", new Float32Array(24), [2, 3, 4]) });
  expect(results.t1?.data).toEqual(expected);
});

it("TANH within an operator follows it on numbers, and is refused on integers", () => {
  const spec = (tensor: TensorSpec): ModelSpec => ({
    tensors: [tensor, tensor, tensor],
    inputs: [0, 1],
    outputs: [2],
    operators: [
      {
        name: "ADD",
        inputs: [0, 1],
        outputs: [2],
        options: { union: "Add", fields: optionTables.activated, values: { activation: 4 } },
      },
    ],
  });
  expect(convert(spec(x)).model.graph.node.map(({ opType }) => opType)).toEqual(["Add", "Tanh"]);
  expect(refusal(spec({ ...x, type: "int8", scale: 0.1 })).message).toContain(
    "ADD with an activation on integers",
  );
});

it("an activation that clips within the range of the integers clips the integers", async () => {
  const spec: ModelSpec = {
    tensors: [
      { shape: [1, 6], type: "int8", scale: 0.1, zero: 3 },
      { shape: [1, 6], type: "int8", scale: 0.1, zero: 3 },
      { shape: [1, 6], type: "int8", scale: 0.12, zero: -20 },
    ],
    inputs: [0, 1],
    outputs: [2],
    operators: [
      {
        name: "ADD",
        inputs: [0, 1],
        outputs: [2],
        options: { union: "Add", fields: optionTables.activated, values: { activation: 3 } },
      },
    ],
  };
  const kinds = convert(spec).model.graph.node.map(({ opType }) => opType);
  expect(kinds).toContain("Clip");
  expect(kinds.indexOf("Clip")).toBe(kinds.indexOf("Add") + 2);
  expect(steps(await compareModel(buildModel(spec))).largest).toBeLessThanOrEqual(1);
});
