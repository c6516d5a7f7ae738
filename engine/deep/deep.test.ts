import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeModel } from "#engine/onnx/decode.ts";
import { type DType, dtypes, rawBytes } from "#engine/onnx/dtypes.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { compressModel } from "../compress.ts";
import { graph, model, node, randomFloats, value, weight } from "../passes/testing/build.ts";
import { checkRecipe } from "../recipes.ts";
import { bytesOf, realModels } from "../testing/models.ts";
import { decodeDeep } from "./decode.ts";
import { deepSize, encodeDeep, encodedSize } from "./encode.ts";

const fileOf = (source: Model) => joinChunks(encodeModel(source));

/** Bytes of the deep form, after it has given the file back. */
function roundTrip(file: Uint8Array): number {
  const deep = joinChunks(encodeDeep(odd(file)));
  expect(Buffer.compare(decodeDeep(deep), file)).toBe(0);
  expect(Buffer.compare(decodeDeep(odd(deep)), file)).toBe(0);
  return deep.length;
}

/** The bytes as Node reads small files: a Buffer, whose `slice` does not copy, on an address that fits no element. */
function odd(bytes: Uint8Array): Uint8Array {
  const within = Buffer.alloc(bytes.length + 1).subarray(1);
  within.set(bytes);
  return within;
}

function network(initializer: Tensor[]): Model {
  return model(
    graph({
      node: [node("Relu", ["x"], ["y"])],
      input: [value("x", [1])],
      output: [value("y", [1])],
      initializer,
    }),
  );
}

function raw(name: string, dtype: DType, rawData: Uint8Array, dims: number[]): Tensor {
  return { name, dataType: dtypes[dtype].code, dims, rawData };
}

describe("real models", () => {
  const models = realModels("data/onnx", "data/torch", "data/huggingface", "golden");
  it.skipIf(models.length === 0)("come back byte for byte", { timeout: 60_000 }, () => {
    for (const { path } of models) roundTrip(bytesOf(path));
    expect(models.length).toBeGreaterThan(100);
  });
});

describe("models of tensors of every type", () => {
  const numeric = (Object.keys(dtypes) as DType[]).filter((dtype) => dtype !== "string");
  const tensor = fc.record({
    dtype: fc.constantFrom(...numeric),
    count: fc.oneof(fc.nat(20), fc.nat(6000)),
    distinct: fc.constantFrom(1, 2, 16, 300, 2 ** 30),
    zeros: fc.constantFrom(0, 0.3, 0.9, 1),
    seed: fc.nat(),
  });

  function build(
    { dtype, count, distinct, zeros, seed }: typeof tensor extends fc.Arbitrary<infer T> ? T : never,
    at: number,
  ) {
    const size = rawBytes(dtype, count);
    const choose = randomFloats(size, seed).map(Math.abs);
    const words = randomFloats(size, seed + 1).map((one) => Math.floor(Math.abs(one) * distinct));
    const all = Uint32Array.from({ length: Math.ceil(size / 4) }, (_, index) =>
      (choose[index] ?? 0) < zeros ? 0 : Math.imul((words[index] ?? 0) + 1, 0x9e3779b1),
    );
    return raw(`t${at}`, dtype, new Uint8Array(all.buffer).slice(0, size), [count]);
  }

  it("come back byte for byte, the same each time, and as large as is said", () => {
    fc.assert(
      fc.property(fc.array(tensor, { maxLength: 6 }), (tensors) => {
        const source = network(tensors.map(build));
        const file = fileOf(source);
        const size = roundTrip(file);
        expect(encodedSize(source)).toBe(size);
        expect(joinChunks(encodeDeep(file.slice()))).toEqual(joinChunks(encodeDeep(file)));
      }),
      { numRuns: 60 },
    );
  });

  it("come back where the values are typed data", () => {
    const floats = randomFloats(5000, 3);
    const tensors: Tensor[] = [
      { name: "f", dataType: 1, dims: [5000], floatData: floats },
      { name: "d", dataType: 11, dims: [5000], doubleData: Float64Array.from(floats) },
      { name: "i", dataType: 6, dims: [3], int32Data: Int32Array.of(1, -2, 3) },
      { name: "l", dataType: 7, dims: [2], int64Data: BigInt64Array.of(-1n, 5n) },
      { name: "s", dataType: 8, dims: [1], stringData: [new TextEncoder().encode("word")] },
    ];
    // As floats, not as something that cannot be understood: 0.85 is what their exponents give.
    expect(roundTrip(fileOf(network(tensors)))).toBeLessThan(60_000 * 0.9);
  });

  it("come back where raw data do not fit the type, or the file is not in the order of our writer", () => {
    const odd = fileOf(
      network([raw("odd", "float32", new Uint8Array(999).fill(3), [250]), weight("w", [90, 90])]),
    );
    roundTrip(odd);
    // The version behind the graph, a field twice, and one that nobody knows.
    const version = odd.subarray(0, 2);
    roundTrip(joinChunks([odd.subarray(2), version, version, Uint8Array.of(0xf2, 0x7f, 1, 9)]));
  });
});

describe("external data", () => {
  it("stand in the deep form once they stand in the model", () => {
    const source = network([
      { ...weight("w", [64, 64]), dataLocation: 1, externalData: [{ key: "location", value: "w" }] },
    ]);
    const [tensor] = source.graph.initializer;
    delete tensor?.dataLocation;
    delete tensor?.externalData;
    const file = fileOf(source);
    roundTrip(file);
    expect(decodeModel(decodeDeep(joinChunks(encodeDeep(file))))).toEqual(source);
  });
});

describe("what compression leaves", () => {
  /** Normal values, as weights are: the sum of twelve uniform ones. */
  const normal = (count: number, seed: number) => {
    const uniform = randomFloats(count * 12, seed);
    return Float32Array.from(
      { length: count },
      (_, at) => uniform.subarray(at * 12, at * 12 + 12).reduce((a, b) => a + b, 0) / 40,
    );
  };
  const layer = (name: string, values: Float32Array): Tensor =>
    raw(name, "float32", new Uint8Array(values.buffer), [values.length / 100, 100]);
  const size = (values: Float32Array) => roundTrip(fileOf(network([layer("w", values)])));
  const dense = normal(100_000, 1);

  it("takes little more than its entropy: of dense floats, zeros, and few values", () => {
    expect(size(dense)).toBeLessThan(400_000 * 0.86);
    // 10 % of the elements: 0.469 bits each for where, and less than 32 for what they are.
    const pruned = dense.map((one, at) => ((at * 7919) % 100_003 < 10_000 ? one : 0));
    const left = pruned.filter((one) => one !== 0).length;
    expect(size(pruned)).toBeLessThan((100_000 * 0.469 * 1.04) / 8 + left * 4 * 0.86 + 300);
    // 16 values, 4 bits at most.
    expect(size(dense.map((one) => Math.round(one * 25) / 25))).toBeLessThan(100_000 / 2);
  });

  it("is smaller than what went in by pruning, and by quantisation after it", async () => {
    const source = model(
      graph({
        node: [node("MatMul", ["x", "w"], ["y"])],
        input: [value("x", [1, 1000])],
        output: [value("y", [1, 100])],
        initializer: [layer("w", dense)],
      }),
    );
    const through = async (...steps: object[]) =>
      encodedSize((await compressModel(source, checkRecipe({ name: "r", steps }))).model);
    const prune = { use: "prune.magnitude", sparsity: 0.9 };
    const original = encodedSize(source);
    const pruned = await through(prune);
    const both = await through(prune, { use: "quantize.dynamic" });
    expect(original / pruned).toBeGreaterThan(7);
    expect(pruned / both).toBeGreaterThan(2);
  });

  it("of a model of nothing but zeros is believed by the reader", () => {
    const zeros = fileOf(network([raw("w", "uint8", new Uint8Array(2 ** 23), [2 ** 23])]));
    const deep = joinChunks(encodeDeep(zeros));
    expect(deep.length).toBe(Math.ceil((zeros.length - 2 ** 22) / 256));
    expect(Buffer.compare(decodeDeep(deep), zeros)).toBe(0);
    expect(deepSize(zeros)).toBe(deep.length);
  });
});
