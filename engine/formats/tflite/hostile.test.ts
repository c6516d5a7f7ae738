import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineError } from "#engine/error.ts";
import { validateModel } from "#engine/graph/validate.ts";
import { byteEdits } from "#engine/testing/byte-edits.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { filesOf } from "../source.ts";
import { convertTensorFlowLite } from "./convert.ts";
import { optionTables } from "./reader/options.ts";
import { typeByCode } from "./reader/types.ts";
import { buildModel, type ModelSpec } from "./testing/build.ts";
import { corpus } from "./testing/corpus.ts";

const seeds = corpus.map(buildModel);
const convert = (bytes: Uint8Array) => convertTensorFlowLite(filesOf({ "model.tflite": bytes }));

/** Either a graph that makes sense, or an error that says what is wrong, and soon. */
function survive(bytes: Uint8Array, milliseconds = 2_000): "converted" | EngineError["code"] {
  const begin = performance.now();
  let outcome: "converted" | EngineError["code"] = "converted";
  try {
    validateModel(convert(bytes).model);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    outcome = error.code;
  }
  expect(performance.now() - begin).toBeLessThan(milliseconds);
  return outcome;
}

function codeOf(bytes: Uint8Array): string {
  return survive(bytes);
}

it("the corpus itself converts", () => {
  for (const seed of seeds) validateModel(convert(seed).model);
});

describe("damaged bytes", () => {
  it("every single byte of every model set to a few values", () => {
    const outcomes = new Set<string>();
    for (const seed of seeds)
      for (let at = 0; at < seed.length; at++)
        for (const value of [0, 0x7f, 0xff]) outcomes.add(survive(seed.with(at, value)));
    expect([...outcomes].sort()).toEqual(
      expect.arrayContaining([
        "converted",
        "limit-exceeded",
        "malformed",
        "not-a-model",
        "truncated",
        "unsupported",
      ]),
    );
  }, 120_000);

  it("several edits of every kind", async () => {
    const edit = fc.record({
      kind: fc.constantFrom(...Object.values(byteEdits)),
      at: fc.nat(4_000),
      value: fc.nat(255),
    });
    await fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(edit, { minLength: 1, maxLength: 4 }),
        (seed, edits) => {
          let bytes = seed;
          for (const { kind, at, value } of edits)
            if (bytes.length > 0) bytes = kind(bytes, at % bytes.length, value);
          survive(bytes);
        },
      ),
      { numRuns: 4_000, seed: 7 },
    );
  }, 120_000);

  it("every truncation of a model", () => {
    const [seed = new Uint8Array()] = seeds;
    for (let length = 0; length < seed.length; length++)
      expect(["not-a-model", "truncated", "malformed"]).toContain(codeOf(seed.subarray(0, length)));
  });
});

/** Numbers at which counting goes wrong. */
const odd = fc.constantFrom(-1, 0, 1, 2, 3, 5, 17, 255, 65_536, 2 ** 30, 2 ** 31 - 1, -(2 ** 31));

/** Well-formed files that say what no converter writes. */
const structures: fc.Arbitrary<ModelSpec> = fc
  .record({
    base: fc.constantFrom(...corpus),
    which: fc.nat(20),
    at: fc.nat(8),
    value: odd,
    edit: fc.constantFrom(
      "shape",
      "huge",
      "rank",
      "type",
      "scale",
      "axis",
      "option",
      "input",
      "output",
      "end",
      "data",
      "name",
      "repeat",
    ),
    type: fc.constantFrom(...typeByCode.values()),
    operator: fc.constantFrom(...corpus.flatMap(({ operators }) => operators.map(({ name }) => name))),
  })
  .map(({ base, which, at, value, edit, type, operator }) => {
    const tensorAt = which % base.tensors.length;
    const tensor = base.tensors[tensorAt] ?? { shape: [] };
    const withTensor = (change: Partial<typeof tensor>) => ({
      ...base,
      tensors: base.tensors.with(tensorAt, { ...tensor, ...change }),
    });
    const operatorAt = which % base.operators.length;
    const found = base.operators[operatorAt] ?? { name: "RELU", inputs: [], outputs: [] };
    const withOperator = (change: Partial<typeof found>) => ({
      ...base,
      operators: base.operators.with(operatorAt, { ...found, ...change }),
    });
    const index = value >= -1 && value < base.tensors.length ? value : at % base.tensors.length;
    const { shape, data } = tensor;
    if (edit === "shape")
      return shape.length === 0 ? base : withTensor({ shape: shape.with(at % shape.length, value) });
    if (edit === "huge") return withTensor({ shape: shape.map(() => 2 ** 20 + at) });
    if (edit === "rank") return withTensor({ shape: value === 1 ? [...shape, 1] : shape.slice(1) });
    // Bytes stay as they were, so that a constant of a narrower type has more of them.
    if (edit === "type")
      return withTensor({
        type,
        ...(data instanceof Uint8Array || data === undefined
          ? {}
          : { data: new Uint8Array(4 * data.length) }),
      });
    if (edit === "scale") return withTensor({ scale: [value, 0.5, Number.NaN][at % 3] ?? 1, zero: value });
    if (edit === "axis") return withTensor({ scale: shape.map(() => 0.1), axis: value });
    if (edit === "data")
      return data instanceof Uint8Array || data === undefined
        ? base
        : withTensor({ data: data.map((one, item) => (item === at % data.length ? value : one)) });
    if (edit === "input")
      return withOperator({ inputs: found.inputs.with(at % Math.max(1, found.inputs.length), index) });
    if (edit === "output") return withOperator({ outputs: [Math.max(0, index)] });
    if (edit === "end")
      return {
        ...base,
        inputs: at % 2 === 0 ? [Math.max(0, index)] : base.inputs,
        outputs: [Math.max(0, index)],
      };
    if (edit === "name") return withOperator({ name: operator });
    if (edit === "repeat") return { ...base, operators: [...base.operators, ...base.operators] };
    const { options } = found;
    const names = Object.keys(options?.fields ?? {});
    if (options === undefined || names.length === 0) return base;
    return withOperator({
      options: { ...options, values: { ...options.values, [names[at % names.length] ?? ""]: value } },
    });
  });

it("well-formed files that make no sense", async () => {
  const outcomes = new Map<string, number>();
  await fc.assert(
    fc.property(structures, (spec) => {
      const outcome = survive(buildModel(spec));
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: 6_000, seed: 7 },
  );
  for (const outcome of ["converted", "malformed", "unsupported", "limit-exceeded"])
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(0);
}, 120_000);

describe("lists without end", () => {
  const x = { shape: [1, 4] };

  it("of inputs", () => {
    const spec = (count: number): ModelSpec => ({
      tensors: [{ ...x, type: "int8", scale: 0.1 }, x],
      inputs: [0],
      outputs: [1],
      operators: [{ name: "ADD_N", inputs: new Array<number>(count).fill(0), outputs: [1] }],
    });
    // Megabytes that all have to be looked at.
    expect(survive(buildModel(spec(50_000)), 5_000)).toBe("converted");
    expect(survive(buildModel(spec(600_000)), 5_000)).toBe("limit-exceeded");
  });

  it("of outputs", () => {
    const count = 20_000;
    const bytes = buildModel({
      tensors: [{ shape: [1, count] }, ...Array.from({ length: count }, () => ({ shape: [1] }))],
      inputs: [0],
      outputs: [count],
      operators: [
        {
          name: "UNPACK",
          inputs: [0],
          outputs: Array.from({ length: count }, (_, item) => item + 1),
          options: { union: "Unpack", fields: optionTables.unpack, values: { axis: 1, num: count } },
        },
      ],
    });
    expect(survive(bytes, 5_000)).toBe("converted");
  });
});

describe("files that are something else", () => {
  const text = (content: string) => new TextEncoder().encode(content);

  it("are told by what they are", () => {
    const content = text("version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n");
    expect(() => convert(content)).toThrow("It is a Git LFS pointer");
    for (const bytes of [new Uint8Array(), text("TFL3"), text("{}"), new Uint8Array(64)])
      expect(codeOf(bytes)).toBe("not-a-model");
    const [seed = new Uint8Array()] = seeds;
    expect(codeOf(seed.with(4, 0x55))).toBe("not-a-model");
    expect(codeOf(seed.subarray(0, 8))).toBe("truncated");
    expect(codeOf(buildModel({ tensors: [], inputs: [], outputs: [], operators: [], version: 2 }))).toBe(
      "unsupported",
    );
  });

  it("one model is asked for", () => {
    const [seed = new Uint8Array()] = seeds;
    expect(() => convertTensorFlowLite(filesOf({}))).toThrow("There is no .tflite file");
    expect(() => convertTensorFlowLite(filesOf({ "a.tflite": seed, "b.tflite": seed }))).toThrow(
      "There are 2",
    );
    expect(convertTensorFlowLite(filesOf({ "labels.txt": seed, "b.TFLITE": seed })).operators).toEqual({
      CONV_2D: 1,
    });
  });
});

const pointer = sharedData("data/hostile/lfs-pointer/mnist-8-opset13.onnx");
it.skipIf(pointer === undefined)("a real Git LFS pointer", () => {
  expect(codeOf(new Uint8Array(readFileSync(pointer ?? "")))).toBe("not-a-model");
});
