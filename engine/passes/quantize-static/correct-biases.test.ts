import { describe, expect, it } from "vitest";
import { makeFloat, makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { floats, graph, model, node, randomFloats, value, weight } from "../testing/build.ts";
import { formats, run, useComparer } from "./testing/checks.ts";
import { errorsOn } from "./testing/errors.ts";
import { randomCalibration } from "./testing/random.ts";

const { check } = useComparer();
const correct = { bias_correction: true };
/** Inputs whose mean is not 0: what rounding takes from the weights then has a mean too. */
const ranges: Record<string, [number, number]> = { x: [0.5, 1.5] };
const data = randomCalibration({ batches: 60, batch: 4, ranges });
const others = randomCalibration({ batches: 60, batch: 4, ranges, seed: 99 });

/**
 * Weights of which each lies 0.4 of a step beyond an integer, but for the largest: rounding takes 0.4 of a step from
 * all of them. The largest stands in every channel, so that one scale per tensor and one per channel are the same.
 */
function biased(name: string, dims: number[], seed: number, axis = 0): ReturnType<typeof makeTensor> {
  const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const channels = dims[axis] ?? 1;
  const seen = new Set<number>();
  const values = randomFloats(
    dims.reduce((a, b) => a * b, 1),
    seed,
  ).map((entry, at) => {
    const channel = Math.floor(at / inner) % channels;
    if (!seen.has(channel)) {
      seen.add(channel);
      return 1;
    }
    return (Math.round(entry * 20) + 0.4) / 127;
  });
  return makeTensor(name, "float32", dims, values);
}

const x = value("x", ["n", 32]);
const image = value("x", ["n", 8, 6, 6]);
const pads = makeInts("pads", [1, 1, 1, 1]);

const dense = (...nodes: Parameters<typeof node>[]) =>
  model(
    graph({
      input: [x],
      output: [value("y", ["n", 12])],
      node: nodes.map((entry) => node(...entry)),
      initializer: [
        biased("w", [12, 32], 1, 0),
        biased("v", [32, 12], 1, 1),
        weight("b", [12], 2),
        floats("c", [1, 1], [0.5]),
      ],
    }),
  );

const convolution = (...nodes: Parameters<typeof node>[]) =>
  model(
    graph({
      input: [image],
      output: [value("y", ["n", 12, "h", "w"])],
      node: nodes.map((entry) => node(...entry)),
      initializer: [
        biased("w", [12, 8, 3, 3], 1),
        biased("g", [12, 4, 3, 3], 1),
        biased("t", [8, 12, 3, 3], 1, 1),
        weight("b", [12], 2),
      ],
    }),
  );

const cases: [string, Model][] = [
  ["Gemm", dense(["Gemm", ["x", "w", "b"], ["y"], [makeInt("transB", 1)]])],
  ["Gemm without a bias", dense(["Gemm", ["x", "v"], ["y"]])],
  [
    "Gemm with alpha and beta",
    dense(["Gemm", ["x", "v", "b"], ["y"], [makeFloat("alpha", 0.5), makeFloat("beta", 2)]]),
  ],
  ["MatMul with Add", dense(["MatMul", ["x", "v"], ["m"]], ["Add", ["b", "m"], ["y"]])],
  ["a bias that others read", dense(["Gemm", ["x", "v", "b"], ["g"]], ["Add", ["g", "b"], ["y"]])],
  ["Conv", convolution(["Conv", ["x", "w", "b"], ["y"], [pads]])],
  ["Conv without a bias", convolution(["Conv", ["x", "w"], ["y"], [makeInts("strides", [2, 2])]])],
  ["Conv with groups", convolution(["Conv", ["x", "g", "b"], ["y"], [makeInt("group", 2)]])],
];

describe("bias correction", () => {
  describe.each(formats)("%s", (format) => {
    it.each(cases)("%s: the means of the channels are right again", async (_, source) => {
      for (const per_channel of [true, false]) {
        const plain = await run(source, { format, per_channel }, data);
        const done = await run(source, { format, per_channel, ...correct }, data);
        expect(done.result.changed.some(({ what }) => what.includes("bias corrected"))).toBe(true);
        const before = await errorsOn(others, source, plain.changed);
        const after = await errorsOn(others, source, done.changed);
        expect(before.mean).toBeGreaterThan(0.005);
        expect(after.mean).toBeLessThan(before.mean / 3);
        expect(after.relative).toBeLessThan(before.relative);
      }
    });
  });

  it.each([
    ["ConvTranspose", convolution(["ConvTranspose", ["x", "t", "b"], ["y"]])],
    ["Gemm with one number as bias", dense(["Gemm", ["x", "v", "c"], ["y"]])],
  ] as const)("%s, which becomes integers in one of the formats only", async (_, source) => {
    const plain = await run(source, {}, data);
    const done = await run(source, correct, data);
    const before = await errorsOn(others, source, plain.changed);
    const after = await errorsOn(others, source, done.changed);
    expect(after.mean).toBeLessThan(before.mean / 3);
    const { result } = await run(source, { format: "qoperator", ...correct }, data);
    expect(result.changed.filter(({ what }) => what.includes("bias"))).toEqual([]);
  });

  it.each(formats)("%s: the integers of the bias are those of b + E[(W − Wq)·x]", async (format) => {
    const source = dense(["Gemm", ["x", "w", "b"], ["y"], [makeInt("transB", 1)]]);
    const { changed } = await run(source, { format, ...correct }, data);
    const tensor = (name: string) => {
      const found = changed.graph.initializer.find((entry) => entry.name === name);
      if (found === undefined) throw new Error(`no "${name}"`);
      return found;
    };
    const scales = readFloats(tensor("w_scale"));
    const [input = 1] = readFloats(tensor("x_scale"));
    const integers = Array.from(readTensor(tensor("w_quantized")), Number);
    const w = Array.from(weightOf(source, "w"));
    const mean = new Array<number>(32).fill(0);
    for (const { feeds } of data.batches({
      inputs: [{ name: "x", shape: ["n", 32], dtype: "float32" }],
      outputs: [],
    })) {
      Array.from(feeds.x?.data ?? [], Number).forEach((entry, at) => {
        mean[at % 32] = (mean[at % 32] ?? 0) + entry / data.items;
      });
    }
    const b = weightOf(source, "b");
    const written = Array.from(readTensor(tensor("b_quantized")), Number);
    written.forEach((integer, channel) => {
      let missing = 0;
      mean.forEach((entry, at) => {
        const flat = channel * 32 + at;
        missing += ((w[flat] ?? 0) - (integers[flat] ?? 0) * (scales[channel] ?? 0)) * entry;
      });
      const expected = ((b[channel] ?? 0) + missing) / (input * (scales[channel] ?? 1));
      expect(Math.abs(missing)).toBeGreaterThan(0.01);
      expect(Math.abs(integer - expected)).toBeLessThan(1);
    });
  });

  it.each([
    ["a MatMul with nothing behind it", dense(["MatMul", ["x", "v"], ["y"]]), "no Add of a constant follows"],
    [
      "a MatMul that others read",
      dense(["MatMul", ["x", "v"], ["m"]], ["Add", ["m", "b"], ["y"]], ["Exp", ["m"], ["e"]]),
      "no Add of a constant follows",
    ],
    [
      "a bias that is computed",
      dense(["ReduceSum", ["x"], ["s"], [makeInt("keepdims", 0)]], ["Gemm", ["x", "v", "s"], ["y"]]),
      "its bias is no constant",
    ],
    [
      "a Gemm whose beta is 0",
      dense(["Gemm", ["x", "v", "b"], ["y"], [makeFloat("beta", 0)]]),
      "its beta is 0",
    ],
  ] as const)("leaves %s alone", async (_, source, reason) => {
    const plain = await run(source, {}, data);
    const { changed, result } = await run(source, correct, data);
    expect(result.skipped.map((skip) => skip.reason).join()).toContain(`bias not corrected: ${reason}`);
    expect(changed).toEqual(plain.changed);
  });

  it("leaves an Add alone whose 8 bits cannot hold so little", async () => {
    const source = dense(["MatMul", ["x", "v"], ["m"]], ["Add", ["m", "b"], ["y"]]);
    const at = source.graph.initializer.findIndex(({ name }) => name === "b");
    source.graph.initializer[at] = weight("b", [12], 2, 100);
    const { result } = await run(source, correct, data);
    expect(result.skipped.map(({ reason }) => reason).join()).toContain("half a step of the 8 bits");
  });

  it("leaves nodes alone that are left out, and an Add that is", async () => {
    const source = dense(["MatMul", ["x", "v"], ["m"]], ["Add", ["m", "b"], ["y"]]);
    const { changed, result } = await run(source, { ...correct, nodes_to_exclude: ["n_y"] }, data);
    expect(result.skipped.map(({ reason }) => reason).join()).toContain("left out by its name");
    expect(changed.graph.initializer.find(({ name }) => name === "b")).toEqual(
      source.graph.initializer.find(({ name }) => name === "b"),
    );
  });

  it("goes together with the other two", async () => {
    const source = model(
      graph({
        input: [value("x", ["n", 16])],
        output: [value("y", ["n", 16])],
        node: [
          node("Gemm", ["x", "v", "b"], ["g"]),
          node("Relu", ["g"], ["r"]),
          node("Gemm", ["r", "w", "b"], ["y"]),
        ],
        initializer: [weight("v", [16, 16], 1), weight("w", [16, 16], 2), weight("b", [16], 3)],
      }),
    );
    await check(source, { ...correct, equalize: true, smooth_quant: true }, 0.999, {
      dims: { n: 4 },
      seed: 77,
    });
  });
});

function weightOf(source: Model, name: string): Float32Array {
  const tensor = source.graph.initializer.find((entry) => entry.name === name);
  if (tensor === undefined) throw new Error(`no "${name}"`);
  return readFloats(tensor);
}
