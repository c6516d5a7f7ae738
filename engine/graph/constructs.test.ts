import { describe, expect, it } from "vitest";
import { decodeDeep } from "#engine/deep/decode.ts";
import { encodeDeep } from "#engine/deep/encode.ts";
import { inspectModel } from "#engine/inspect.ts";
import { decodeModel } from "#engine/onnx/decode.ts";
import { type DType, dtypes, rawBytes } from "#engine/onnx/dtypes.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { attributeType, type Model, type Tensor, type Type } from "#engine/onnx/model.ts";
import { graph, int64s, model, node, value, weight } from "#engine/passes/testing/build.ts";
import { endure } from "#engine/testing/hostile/endure.ts";
import { everything } from "#engine/testing/hostile/everything.ts";
import { validateModel } from "./validate.ts";

const names = Object.keys(dtypes) as DType[];

/** Three elements: those of 2 and 4 bits do not fill their last byte. */
function tensorOf(dtype: DType, name: string): Tensor {
  const { code } = dtypes[dtype];
  if (dtype === "string") {
    const stringData = ["a", "", "中文"].map((text) => new TextEncoder().encode(text));
    return { name, dataType: code, dims: [3], stringData };
  }
  const rawData = new Uint8Array(rawBytes(dtype, 3)).map((_, at) => at + 1);
  return { name, dataType: code, dims: [3], rawData };
}

/** Every type as an input, a weight, an attribute, a sparse weight, and within the types that are no tensors. */
function ofEveryType(): Model {
  const tensorType = (dtype: DType): Type => ({
    tensorType: { elemType: dtypes[dtype].code, shape: { dim: [] } },
  });
  const made = model(
    graph({
      input: names.map((dtype) => value(`in_${dtype}`, [3], dtype)),
      node: [
        ...names.map((dtype) =>
          node(
            "Constant",
            [],
            [`c_${dtype}`],
            [{ name: "value", type: attributeType.tensor, t: tensorOf(dtype, "") }],
          ),
        ),
        node("Identity", ["in_float32"], ["y"]),
      ],
      output: [value("y", [3])],
      initializer: names.map((dtype) => tensorOf(dtype, `w_${dtype}`)),
    }),
  );
  made.graph.sparseInitializer = names.map((dtype) => ({
    values: tensorOf(dtype, `s_${dtype}`),
    indices: { ...int64s("", [0, 4, 8]) },
    dims: [3, 3],
  }));
  made.graph.valueInfo = names.flatMap((dtype) => [
    { name: `seq_${dtype}`, type: { sequenceType: { elemType: tensorType(dtype) } } },
    { name: `opt_${dtype}`, type: { optionalType: { elemType: tensorType(dtype) } } },
    { name: `map_${dtype}`, type: { mapType: { keyType: 7, valueType: tensorType(dtype) } } },
    { name: `sparse_${dtype}`, type: { sparseTensorType: { elemType: dtypes[dtype].code } } },
  ]);
  return made;
}

describe("every element type", () => {
  it("survives reading, writing and the deep form, and is named", () => {
    const made = ofEveryType();
    const bytes = joinChunks(encodeModel(made));
    const read = decodeModel(bytes);
    expect(read).toEqual(made);
    validateModel(read);
    const { inputs, initializers } = inspectModel(read, { bytes: bytes.length });
    expect(inputs.map(({ dtype }) => dtype)).toEqual(names);
    expect(initializers.map(({ dtype }) => dtype)).toEqual(names);
    expect(Buffer.compare(decodeDeep(joinChunks(encodeDeep(bytes))), bytes)).toBe(0);
  });

  it("goes through every technique", async () => {
    const { outcomes } = await endure(ofEveryType());
    // Training wants inputs that a dataset can feed; what learns from a teacher asks the teacher first, which is executed.
    const other = Object.entries(outcomes).filter(([, outcome]) => outcome !== "ok");
    expect(Object.fromEntries(other)).toEqual({
      "train.finetune": "unsupported",
      "train.structured": "unsupported",
      "train.distill": "runtime-refused",
    });
  });
});

describe("every opset", () => {
  it.each(Array.from({ length: 26 }, (_, at) => at + 1))(
    "%i: a result or an EngineError",
    async (version) => {
      const made = everything();
      made.opsetImport = [
        { domain: "", version },
        { domain: "local", version: 1 },
      ];
      const { outcomes } = await endure(made);
      expect(outcomes.validate).toBe("ok");
      expect(outcomes.inspect).toBe("ok");
    },
  );

  it("6, as exporters of that time wrote it: attributes that are inputs today, and IR version 3", async () => {
    const old = model(
      graph({
        // Every weight is an input too, which IR 3 demands.
        input: [value("x", [1, 3, 8, 8]), value("k", [4, 3, 3, 3]), value("w", [256, 10]), value("b", [10])],
        node: [
          node(
            "Conv",
            ["x", "k"],
            ["conv"],
            [
              { name: "kernel_shape", type: attributeType.ints, ints: [3n, 3n] },
              { name: "pads", type: attributeType.ints, ints: [1n, 1n, 1n, 1n] },
            ],
          ),
          node(
            "Dropout",
            ["conv"],
            ["drop"],
            [
              { name: "is_test", type: attributeType.int, i: 1n },
              { name: "ratio", type: attributeType.float, f: 0.5 },
            ],
          ),
          node("Reshape", ["drop", "shape"], ["flat"]),
          node("Gemm", ["flat", "w", "b"], ["y"], [{ name: "broadcast", type: attributeType.int, i: 1n }]),
        ],
        output: [value("y", [1, 10])],
        initializer: [
          weight("k", [4, 3, 3, 3]),
          weight("w", [256, 10]),
          weight("b", [10]),
          int64s("shape", [1, -1]),
        ],
      }),
      6,
      3,
    );
    const { outcomes } = await endure(old);
    expect(outcomes).toMatchObject({ validate: "ok", inspect: "ok" });
    const bytes = joinChunks(encodeModel(old));
    const found = inspectModel(decodeModel(bytes), { bytes: bytes.length });
    expect(found).toMatchObject({ opset: 6, irVersion: 3 });
    expect(found.macs).toBe(4 * 3 * 9 * 64 + 256 * 10);
    // Those that calibrate or train need execution.
    const other = Object.entries(outcomes).filter(([, outcome]) => outcome !== "ok");
    const refused = ["quantize.static", "prune.wanda", "finetune", "prune", "structured", "distill", "qat"];
    const names = refused.map((name) => (name.includes(".") ? name : `train.${name}`));
    expect(Object.fromEntries(other)).toEqual(
      Object.fromEntries(names.map((name) => [name, "runtime-refused"])),
    );
  });
});

describe("functions, subgraphs, metadata and unknown fields", () => {
  it("survive together", () => {
    const made = everything();
    made.metadataProps = [{ key: "a", value: "b" }];
    made.unknown = [{ field: 4000, bytes: Uint8Array.of(0x82, 0xfa, 0x01, 2, 7, 8) }];
    const [first] = made.graph.node;
    if (first) {
      first.metadataProps = [{ key: "scope", value: "layer" }];
      first.unknown = [{ field: 2000, bytes: Uint8Array.of(0x80, 0x7d, 5) }];
    }
    const bytes = joinChunks(encodeModel(made));
    expect(decodeModel(bytes)).toEqual(made);
    expect(joinChunks(encodeModel(decodeModel(bytes)))).toEqual(bytes);
  });
});
