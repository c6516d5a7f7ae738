import { describe, expect, it } from "vitest";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model } from "#engine/onnx/model.ts";
import { graph, int64s, model, node, randomFloats, value, weight } from "../testing/build.ts";
import { formats, run, useComparer, x, y } from "./testing/checks.ts";
import { errorsOn } from "./testing/errors.ts";
import { randomCalibration } from "./testing/random.ts";
import { rescaled } from "./testing/rescaled.ts";

const { comparer, check } = useComparer();
const smooth = { smooth_quant: true };
const unlike = randomCalibration({ batches: 60, batch: 4, seed: 99 });

/** A scale that makes channel 5 fifty times as large as the others, and a weight that evens that out. */
const outliers = makeTensor(
  "scale",
  "float32",
  [16],
  randomFloats(16, 3).map((entry, at) => (1 + Math.abs(entry)) * (at === 5 ? 50 : 1)),
);
const balanced = (name: string, seed: number) =>
  makeTensor(
    name,
    "float32",
    [16, 16],
    randomFloats(256, seed).map((entry, at) => (Math.floor(at / 16) === 5 ? entry / 50 : entry)),
  );

const built = (nodes: Parameters<typeof node>[], output = [y]) =>
  model(
    graph({
      input: [x],
      output,
      node: nodes.map((entry) => node(...entry)),
      initializer: [
        outliers,
        weight("shift", [16], 4),
        balanced("v", 5),
        balanced("w", 6),
        weight("u", [16, 16], 7),
        int64s("all", [-1, 16]),
        int64s("first", [0]),
      ],
    }),
  );

const norm: Parameters<typeof node> = ["LayerNormalization", ["x", "scale", "shift"], ["h"]];
/** Without outliers, which 8 bits would cost its other readers dearly. */
const even: typeof norm = ["LayerNormalization", ["x", "shift", "shift"], ["h"]];
/** As in BERT: products and the residual sum read the normalised value, and the sum is normalised again. */
const postNorm: Parameters<typeof node>[] = [
  norm,
  ["MatMul", ["h", "v"], ["a"]],
  ["MatMul", ["h", "w"], ["b"]],
  ["Mul", ["a", "b"], ["c"]],
  ["MatMul", ["c", "u"], ["d"]],
  ["Add", ["d", "h"], ["e"]],
  ["LayerNormalization", ["e", "shift", "shift"], ["y"]],
];

function readersOf({ graph }: Model, name: string): string[] {
  return graph.node.filter(({ input }) => input.includes(name)).map(({ opType }) => opType);
}

describe("a Mul that reads a value before it is rounded", () => {
  it.each(formats)(
    "%s: stands between a normalisation that a sum reads too and its products",
    async (format) => {
      const source = built(postNorm);
      const { changed, result } = await run(source, { format, ...smooth });
      const smoothed = result.changed.filter(({ what }) => what.includes("went into a Mul"));
      expect(smoothed.map(({ name }) => name)).toEqual(["n_a", "n_b"]);
      // What makes the value and what sums it stay in float32, so that nothing but the Mul and the sum reads it.
      expect(readersOf(changed, "h").sort()).toEqual(["Add", "Mul"]);
      const kept = result.skipped.filter(({ reason }) => reason.startsWith("it stays in float32"));
      expect(kept.map(({ name }) => name).sort()).toEqual(["n_e", "n_h"]);
      const before = await errorsOn(unlike, source, (await run(source, { format })).changed);
      const after = await errorsOn(unlike, source, changed);
      console.log(`${format}, post-norm: error ${before.relative} plain, ${after.relative} smoothed`);
      expect(after.relative).toBeLessThan(before.relative / 4);
    },
  );

  it("the value may be an output as well", async () => {
    const source = built(postNorm, [y, value("h", ["n", 16])]);
    await check(source, smooth);
    const { changed } = await run(source, { ...smooth, format: "qdq" });
    expect(changed.graph.output.map(({ name }) => name)).toEqual(["y", "h"]);
  });

  it("others go on reading what is rounded for them", async () => {
    const source = built([
      even,
      ["MatMul", ["h", "v"], ["a"]],
      ["Sigmoid", ["h"], ["b"]],
      ["Mul", ["a", "b"], ["y"]],
    ]);
    const { changed } = await run(source, smooth);
    expect(readersOf(changed, "h").sort()).toEqual(["Mul", "QuantizeLinear"]);
    expect(readersOf(changed, "h_DequantizeLinear_Output")).toEqual(["Sigmoid"]);
    await check(source, smooth);
  });

  it("so it is where the value is an output and rounded for others", async () => {
    const source = built(
      [even, ["MatMul", ["h", "v"], ["a"]], ["Sigmoid", ["h"], ["b"]], ["Mul", ["a", "b"], ["y"]]],
      [y, value("h", ["n", 16])],
    );
    const { changed } = await run(source, smooth);
    const [producer] = changed.graph.node.filter(({ opType }) => opType === "LayerNormalization");
    expect(readersOf(changed, producer?.output[0] ?? "").sort()).toEqual(["Mul", "QuantizeLinear"]);
    expect(readersOf(changed, "h")).toEqual(["Sigmoid"]);
    await check(source, smooth);
  });

  it("so it is where no node that is quantised makes the value", async () => {
    const source = built([
      ["Tanh", ["x"], ["h"]],
      ["MatMul", ["h", "v"], ["a"]],
      ["Sigmoid", ["h"], ["b"]],
      ["Mul", ["a", "b"], ["y"]],
    ]);
    const { changed } = await run(source, smooth);
    expect(readersOf(changed, "h").sort()).toEqual(["Mul", "QuantizeLinear"]);
    await check(source, smooth);
  });

  it.each([
    ["what moves the value", [["Reshape", ["h", "all"], ["g"]]], ["n_e", "n_h"]],
    [
      "what shifts and scales it",
      [
        ["Mul", ["h", "shift"], ["f"]],
        ["Add", ["f", "shift"], ["g"]],
      ],
      ["n_e", "n_f", "n_g", "n_h"],
    ],
    ["what clips it", [["Relu", ["h"], ["g"]]], ["n_e", "n_g", "n_h"]],
  ] as [string, Parameters<typeof node>[], string[]][])("goes back over %s", async (_, between, kept) => {
    const source = built([
      norm,
      ...between,
      ["MatMul", ["g", "v"], ["a"]],
      ["Sigmoid", ["g"], ["b"]],
      ["Mul", ["a", "b"], ["c"]],
      ["Add", ["c", "h"], ["e"]],
      ["Add", ["e", "g"], ["y"]],
    ]);
    for (const format of formats) {
      const { changed, result } = await run(source, { format, ...smooth });
      expect(result.changed.map(({ what }) => what).join()).toContain("went into a Mul");
      const stay = result.skipped.filter(({ reason }) => reason.startsWith("it stays in float32"));
      expect(
        stay
          .map(({ name }) => name)
          .filter((name) => name !== "n_y")
          .sort(),
      ).toEqual(kept);
      // From the normalisation to the Mul nothing is rounded.
      const [mul] = changed.graph.node.filter(({ name }) => name?.endsWith("_smooth_mul"));
      expect(mul?.input[0]).toBe("g");
      const [first] = between;
      const next = changed.graph.node.find(({ output }) => output[0] === first?.[2][0]);
      expect(next?.input[0]).toBe("h");
    }
    await check(source, smooth);
  });

  it("does not make a table of embeddings float32 for it", async () => {
    const source = built([
      ["Gather", ["u", "first"], ["h"]],
      ["MatMul", ["h", "v"], ["a"]],
      ["Add", ["a", "h"], ["b"]],
      ["Add", ["b", "x"], ["y"]],
    ]);
    const { result } = await run(source, smooth);
    expect(result.skipped.find(({ name }) => name === "n_a")?.reason).toContain('Gather "n_h" rounds it');
    expect(result.changed.map(({ name }) => name)).toContain("n_h");
  });

  it("leaves products alone whose value another product makes", async () => {
    const source = built([
      ["MatMul", ["x", "u"], ["h"]],
      ["Relu", ["h"], ["g"]],
      ["MatMul", ["g", "v"], ["a"]],
      ["Add", ["a", "g"], ["y"]],
    ]);
    const { result } = await run(source, smooth);
    const reason = result.skipped.find(({ name }) => name === "n_a")?.reason;
    expect(reason).toContain('"g" is read elsewhere too, and MatMul "n_h" rounds it');
  });

  it("is not needed where only the shape is read beside the products", async () => {
    const source = built([
      norm,
      ["Shape", ["h"], ["size"]],
      ["MatMul", ["h", "v"], ["a"]],
      ["Reshape", ["a", "size"], ["y"]],
    ]);
    const done = await rescaled(source, smooth);
    expect(done.changed[0]?.what).toContain('went into LayerNormalization "n_h"');
    const { outputs } = await comparer.compare(source, done.model, { dims: { n: 4 } });
    for (const output of outputs) expect(output.maxAbs / output.rms).toBeLessThan(1e-5);
    await check(source, smooth);
  });

  it("biases are corrected for what the quantised model reads", async () => {
    await check(built(postNorm), { ...smooth, bias_correction: true });
  });
});
