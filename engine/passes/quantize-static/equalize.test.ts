import { describe, expect, it } from "vitest";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { floats, graph, model, node, randomFloats, value, weight } from "../testing/build.ts";
import { equalFactor } from "./equalize.ts";
import { formats, image, run, unlike, useComparer, x } from "./testing/checks.ts";
import { errorsOn } from "./testing/errors.ts";
import { randomCalibration } from "./testing/random.ts";
import { largest, rescaled } from "./testing/rescaled.ts";

const { comparer, check } = useComparer();
const equal = { equalize: true };

async function expectSameResults(source: Model, options: object = equal) {
  const done = await rescaled(source, options);
  const { error, outputs } = await comparer.compare(source, done.model, { dims: { n: 4 } });
  expect(error).toBeUndefined();
  for (const output of outputs) expect(output.maxAbs / output.rms).toBeLessThan(1e-5);
  return done;
}

/** How channel i of a layer that is badly scaled differs: by up to a thousand times. */
const uneven = (channel: number) => 10 ** ((channel % 4) - 2);

/** Weights with uneven channels on an axis; or with the opposite, which makes good what the layer before has. */
function scaled(name: string, dims: number[], seed: number, axis = 0, power = 1): Tensor {
  const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
  const values = randomFloats(
    dims.reduce((a, b) => a * b, 1),
    seed,
  );
  const channels = dims[axis] ?? 1;
  return makeTensor(
    name,
    "float32",
    dims,
    values.map((entry, at) => entry * uneven(Math.floor(at / inner) % channels) ** power),
  );
}

const pads = makeInts("pads", [1, 1, 1, 1]);

/** Two convolutions of eight channels with something between them. */
const between = (...middle: Parameters<typeof node>[]) =>
  model(
    graph({
      input: [image],
      output: [value("y", ["n", 6, "h", "w"])],
      node: [
        node("Conv", ["x", "v", "a"], ["c"], [pads]),
        ...middle.map((entry) => node(...entry)),
        node("Conv", ["r", "w", "b"], ["y"], [pads]),
      ],
      initializer: [
        scaled("v", [8, 4, 3, 3], 1),
        scaled("a", [8], 2),
        scaled("w", [6, 8, 3, 3], 3, 1, -1),
        weight("b", [6], 4),
        floats("slope", [1, 1, 1], [0.25]),
        weight("slopes", [8, 1, 1], 5),
        floats("low", [], [0]),
        floats("six", [], [6]),
        ...["gamma", "beta", "mean"].map((name, at) => weight(name, [8], at + 7)),
        floats("variance", [8], new Array(8).fill(1)),
      ],
    }),
  );

/** Conv, depthwise Conv, Conv of one pixel: the blocks of MobileNet, without its Clip. */
const depthwise = model(
  graph({
    input: [image],
    output: [value("y", ["n", 6, 8, 8])],
    node: [
      node("Conv", ["x", "v", "a"], ["c"]),
      node("Relu", ["c"], ["r"]),
      node("Conv", ["r", "d"], ["e"], [pads, makeInt("group", 8)]),
      node("LeakyRelu", ["e"], ["l"]),
      node("Conv", ["l", "w", "b"], ["y"]),
    ],
    initializer: [
      scaled("v", [8, 4, 1, 1], 1),
      scaled("a", [8], 2),
      weight("d", [8, 1, 3, 3], 3),
      scaled("w", [6, 8, 1, 1], 4, 1, -1),
      weight("b", [6], 5),
    ],
  }),
);

describe("cross-layer equalisation", () => {
  it("follows the formula", async () => {
    const source = between(["Relu", ["c"], ["r"]]);
    const before = await rescaled(source, {});
    const { floats: of } = await expectSameResults(source);
    const inputs = (values: Float32Array) =>
      Array.from({ length: 8 }, (_, channel) =>
        Math.max(...values.map((entry, at) => (Math.floor(at / 9) % 8 === channel ? Math.abs(entry) : 0))),
      );
    const r1 = largest(before.floats("n_c", 1), 36, "rows");
    const r2 = inputs(before.floats("n_y", 1));
    const s = r1.map((size, at) => equalFactor(size, r2[at] ?? 0));
    expect(Math.max(...s) / Math.min(...s)).toBeGreaterThan(30);
    s.forEach((factor, at) => {
      const mean = Math.sqrt((r1[at] ?? 0) * (r2[at] ?? 0));
      expect(largest(of("n_c", 1), 36, "rows")[at]).toBeCloseTo(mean, 5);
      expect(inputs(of("n_y", 1))[at]).toBeCloseTo(mean, 5);
      expect(of("n_c", 2)[at]).toBeCloseTo((before.floats("n_c", 2)[at] ?? 0) / factor, 5);
    });
    expect(of("n_y", 2)).toEqual(before.floats("n_y", 2));
  });

  it("is the formula of the paper, and 1 where a side is 0", () => {
    expect(equalFactor(8, 2)).toBe(2);
    expect(equalFactor(2, 8)).toBe(0.5);
    expect([equalFactor(0, 1), equalFactor(1, 0), equalFactor(0, 0)]).toEqual([1, 1, 1]);
  });

  it("evens a depthwise convolution with both of its neighbours", async () => {
    const { floats: of, changed } = await expectSameResults(depthwise);
    expect(changed.map(({ name }) => name)).toEqual(["n_e", "n_y"]);
    const first = largest(of("n_c", 1), 4, "rows");
    const middle = largest(of("n_e", 1), 9, "rows");
    const last = largest(of("n_y", 1), 8, "columns");
    for (let channel = 0; channel < 8; channel++) {
      expect((first[channel] ?? 0) / (middle[channel] ?? 0)).toBeCloseTo(1, 2);
      expect((middle[channel] ?? 0) / (last[channel] ?? 0)).toBeCloseTo(1, 2);
    }
    await check(depthwise, equal);
  });

  it.each([
    ["LeakyRelu", [["LeakyRelu", ["c"], ["r"]]]],
    ["PRelu of one slope", [["PRelu", ["c", "slope"], ["r"]]]],
    ["nothing but Identity", [["Identity", ["c"], ["r"]]]],
    [
      "Relu and MaxPool",
      [
        ["Relu", ["c"], ["q"]],
        ["MaxPool", ["q"], ["r"], [makeInts("kernel_shape", [2, 2])]],
      ],
    ],
    [
      "AveragePool with padding",
      [
        [
          "AveragePool",
          ["c"],
          ["r"],
          [pads, makeInts("kernel_shape", [3, 3]), makeInt("count_include_pad", 1)],
        ],
      ],
    ],
  ] as [string, Parameters<typeof node>[]][])("goes through %s", async (_, middle) => {
    const { changed } = await expectSameResults(between(...middle));
    expect(changed.map(({ name }) => name)).toEqual(["n_y"]);
  });

  it("goes through Gemm, MatMul with Add, and grouped convolutions", async () => {
    const dense = model(
      graph({
        input: [x],
        output: [value("y", ["n", 5])],
        node: [
          node("Gemm", ["x", "u", "a"], ["g"], [makeInt("transB", 1)]),
          node("Relu", ["g"], ["r"]),
          node("MatMul", ["r", "v"], ["m"]),
          node("Add", ["a", "m"], ["s"]),
          node("LeakyRelu", ["s"], ["l"]),
          node("Gemm", ["l", "w"], ["y"]),
        ],
        initializer: [
          scaled("u", [12, 16], 1),
          scaled("a", [12], 2),
          scaled("v", [12, 12], 3, 0, -1),
          weight("w", [12, 5], 4),
        ],
      }),
    );
    const { changed } = await expectSameResults(dense);
    expect(changed.map(({ name }) => name)).toEqual(["n_m", "n_y"]);
    await check(dense, equal, 0.999, unlike);
    const grouped = model(
      graph({
        input: [image],
        output: [value("y", ["n", 6, 4, 4])],
        node: [
          node("Conv", ["x", "v"], ["c"], [makeInt("group", 2)]),
          node("Conv", ["c", "w"], ["y"], [makeInt("group", 2)]),
        ],
        initializer: [scaled("v", [8, 2, 3, 3], 1), weight("w", [6, 4, 3, 3], 3)],
      }),
    );
    expect((await expectSameResults(grouped)).changed.length).toBe(1);
  });

  it.each([
    ["Clip, as Relu6", [["Clip", ["c", "low", "six"], ["r"]]], "whose bounds do not scale"],
    ["PRelu with a slope for each channel", [["PRelu", ["c", "slopes"], ["r"]]], "cannot be scaled"],
    ["Sigmoid", [["Sigmoid", ["c"], ["r"]]], "cannot be scaled"],
    [
      "BatchNormalization",
      [["BatchNormalization", ["c", "gamma", "beta", "mean", "variance"], ["r"]]],
      "fuse_batch_norm",
    ],
    [
      "a value that others read",
      [
        ["Relu", ["c"], ["r"]],
        ["Exp", ["r"], ["unused"]],
      ],
      "is read elsewhere too",
    ],
    [
      "a value inside that others read",
      [
        ["Relu", ["c"], ["r"]],
        ["Exp", ["c"], ["unused"]],
      ],
      "is read elsewhere too",
    ],
  ] as [string, Parameters<typeof node>[], string][])("leaves %s alone", async (_, middle, reason) => {
    const source = between(...middle);
    const { changed, skipped, model: made } = await expectSameResults(source);
    expect(changed).toEqual([]);
    expect(skipped.find(({ name }) => name === "n_y")?.reason).toContain(reason);
    expect(made).toEqual(source);
  });

  it("leaves shared weights and nodes that are left out alone", async () => {
    const source = between(["Relu", ["c"], ["r"]]);
    for (const name of ["n_c", "n_y"]) {
      const { changed, model: made } = await expectSameResults(source, {
        ...equal,
        nodes_to_exclude: [name],
      });
      expect(changed).toEqual([]);
      expect(made).toEqual(source);
    }
    const shared = model(
      graph({
        input: [image],
        output: [value("y", ["n", 4, 8, 8])],
        node: [
          node("Conv", ["x", "v"], ["c"], [pads]),
          node("Relu", ["c"], ["r"]),
          node("Conv", ["r", "v"], ["y"], [pads]),
        ],
        initializer: [scaled("v", [4, 4, 3, 3], 1)],
      }),
    );
    const { changed, skipped } = await expectSameResults(shared);
    expect(changed).toEqual([]);
    expect(skipped.map(({ reason }) => reason).join()).toContain("shares its weight");
  });

  it("gives a bias that others read a copy", async () => {
    const source = between(["Relu", ["c"], ["r"]], ["ReduceSum", ["a"], ["sum"], [makeInt("keepdims", 0)]]);
    const { changed, node: find } = await expectSameResults(source);
    expect(changed.length).toBe(1);
    expect(find("n_c").input[2]).not.toBe("a");
    expect(find("n_sum").input[0]).toBe("a");
  });

  it("makes constants of defaults that callers could override, with a warning", async () => {
    const source = between(["Relu", ["c"], ["r"]]);
    source.graph.input.push(value("v", [8, 4, 3, 3]), value("a", [8]));
    const { changed, dropped, model: made } = await expectSameResults(source);
    expect(changed.length).toBe(1);
    expect(dropped).toEqual(["v", "a"]);
    expect(made.graph.input.map(({ name }) => name)).toEqual(["x"]);
    const { result } = await run(source, equal);
    expect(result.warnings.join()).toContain("gone: v, a");
  });

  it("leaves channels of zeros as they are", async () => {
    const source = between(["Relu", ["c"], ["r"]]);
    const v = source.graph.initializer[0];
    if (v === undefined) throw new Error("no weight");
    const zeros = randomFloats(8 * 36, 1).map((entry, at) => (at < 36 ? 0 : entry));
    source.graph.initializer[0] = makeTensor("v", "float32", v.dims, zeros);
    const { floats: of } = await expectSameResults(source);
    expect(of("n_c", 2)[0]).toBe((await rescaled(source, {})).floats("n_c", 2)[0]);
  });

  it.each(formats)("%s: helps where one scale per tensor drowns channels", async (format) => {
    const data = randomCalibration({ batches: 60, batch: 4, seed: 99 });
    for (const [what, source] of [
      ["Relu", between(["Relu", ["c"], ["r"]])],
      ["depthwise", depthwise],
    ] as const) {
      const plain = await run(source, { format, per_channel: false });
      const evened = await run(source, { format, per_channel: false, ...equal });
      const before = await errorsOn(data, source, plain.changed);
      const after = await errorsOn(data, source, evened.changed);
      console.log(`${format}, ${what}: error ${before.relative} plain, ${after.relative} equalised`);
      expect(after.relative).toBeLessThan(before.relative / 5);
    }
  });
});
