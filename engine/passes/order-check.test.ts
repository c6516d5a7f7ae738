import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { say } from "#engine/say.ts";
import { compressModel } from "../compress.ts";
import { checkRecipe } from "../recipes.ts";
import { orderRules } from "./order-check/rules.ts";
import { orderWarnings, type StepLike } from "./order-check.ts";
import type { StepInput } from "./step.schema.ts";
import { floats, graph, model, node, value, weight } from "./testing/build.ts";

const pairs: [StepLike, StepLike, RegExp][] = [
  [{ use: "prune.magnitude" }, { use: "cluster.kmeans" }, /moves the zeros/],
  [{ use: "prune.wanda" }, { use: "cluster.kmeans", preserve_sparsity: false }, /moves the zeros/],
  [{ use: "cluster.kmeans" }, { use: "prune.normalized" }, /kept or removed together/],
  [{ use: "cluster.kmeans" }, { use: "prune.structured" }, /members out of every cluster/],
  [{ use: "cluster.kmeans" }, { use: "quantize.static" }, /another integer in each/],
  [{ use: "cluster.kmeans" }, { use: "quantize.dynamic", per_channel: true }, /another integer in each/],
  [{ use: "cluster.kmeans" }, { use: "factorize.svd" }, /few values have many/],
  [{ use: "prune.nm" }, { use: "factorize.svd" }, /dense/],
  [{ use: "prune.magnitude" }, { use: "prune.structured" }, /Whole units/],
  [{ use: "prune.nm" }, { use: "prune.magnitude" }, /unevenly/],
  [{ use: "prune.magnitude" }, { use: "prune.nm" }, /fit the pattern/],
  [{ use: "quantize.dynamic" }, { use: "cast.float16" }, /integers already/],
  [{ use: "quantize.static" }, { use: "cast.bfloat16" }, /integers already/],
  [{ use: "quantize.dynamic" }, { use: "quantize.blockwise" }, /not quantised again/],
  [{ use: "quantize.blockwise" }, { use: "prune.magnitude" }, /are pruned/],
  [{ use: "quantize.static" }, { use: "cluster.kmeans" }, /share values/],
  [{ use: "quantize.dynamic" }, { use: "factorize.svd" }, /are factorised/],
  [{ use: "cast.float16" }, { use: "train.finetune" }, /fewer bits/],
  [{ use: "quantize.dynamic" }, { use: "train.distill" }, /Only floating-point weights are trained/],
  [{ use: "prune.magnitude" }, { use: "train.distill", student: { kind: "mlp" } }, /A new network/],
  [{ use: "quantize.static" }, { use: "train.distill", student: { kind: "mlp" } }, /is lost/],
  [{ use: "cast.float16" }, { use: "quantize.dynamic" }, /takes 32-bit weights/],
  [{ use: "quantize.static" }, { use: "simplify" }, /Put the simplification \(simplify\) first/],
  [{ use: "prune.magnitude" }, { use: "simplify" }, /others would have been the smallest/],
  [{ use: "cluster.kmeans" }, { use: "simplify" }, /one shared value becomes many/],
  [{ use: "cluster.kmeans" }, { use: "train.qat" }, /moves every weight on its own/],
  [{ use: "train.qat" }, { use: "quantize.static" }, /not quantised again/],
  [{ use: "quantize.static" }, { use: "train.qat" }, /not quantised again/],
  [{ use: "train.qat" }, { use: "prune.magnitude" }, /are pruned/],
  [{ use: "train.qat" }, { use: "train.finetune" }, /are trained/],
  [{ use: "quantize.dynamic" }, { use: "train.finetune" }, /are trained/],
  [{ use: "train.qat" }, { use: "cast.float16" }, /integers already/],
  [{ use: "cast.float16" }, { use: "train.qat" }, /takes 32-bit weights/],
  [{ use: "train.qat" }, { use: "simplify" }, /Put the simplification \(simplify\) first/],
  [{ use: "simplify" }, { use: "simplify" }, /nothing left to simplify/],
];

describe("pairs of steps", () => {
  it.each(pairs)("$use, then $use", (earlier, later, reason) => {
    const [warning, ...more] = orderWarnings([earlier, later]);
    expect(more).toEqual([]);
    expect(warning?.step).toBe(1);
    const said = english(warning?.message ?? "");
    expect(said).toMatch(reason);
    expect(said.startsWith(`${later.use} after ${earlier.use}: `)).toBe(true);
  });

  it("every rule has one, and its reason is a sentence", () => {
    for (const rule of orderRules) {
      expect(
        pairs.filter(([earlier, later]) => rule.earlier(earlier) && rule.later(later)).length,
      ).toBeGreaterThan(0);
      expect(english(say(`order.${rule.why}`))).toMatch(/^[A-Z].*\.$/);
    }
  });

  it("that suit each other draw no warning", () => {
    const good: StepLike[][] = [
      [{ use: "simplify" }, { use: "prune.magnitude" }, { use: "cluster.kmeans", preserve_sparsity: true }],
      [{ use: "simplify" }, { use: "factorize.svd" }, { use: "quantize.dynamic" }],
      [{ use: "prune.structured" }, { use: "quantize.static" }],
      [{ use: "prune.structured" }, { use: "train.distill" }, { use: "quantize.static" }],
      [
        { use: "train.distill", student: { kind: "mlp" } },
        { use: "prune.magnitude" },
        { use: "train.finetune" },
      ],
      [{ use: "prune.magnitude" }, { use: "prune.magnitude" }, { use: "quantize.dynamic" }],
      [{ use: "prune.magnitude" }, { use: "cast.float16" }],
      [{ use: "simplify" }, { use: "prune.magnitude" }, { use: "train.finetune" }, { use: "train.qat" }],
      [{ use: "simplify" }, { use: "prune.structured" }, { use: "simplify", fuse_batch_norm: false }],
      [{ use: "cluster.kmeans" }, { use: "quantize.dynamic" }],
      [],
    ];
    for (const steps of good) expect(orderWarnings(steps)).toEqual([]);
  });

  it("are found with others between them, each reason once for a step", () => {
    const steps = ["prune.magnitude", "prune.wanda", "quantize.dynamic", "cluster.kmeans"].map((use) => ({
      use,
    }));
    const warnings = orderWarnings(steps);
    expect(warnings.map(({ step }) => step)).toEqual([3, 3]);
    expect(warnings.map(({ message }) => english(message).split(":")[0])).toEqual([
      "cluster.kmeans after quantize.dynamic",
      "cluster.kmeans after prune.wanda",
    ]);
  });

  it("never fail, whatever the names", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({ use: fc.oneof(fc.string(), fc.constantFrom("prune.magnitude", "simplify", "cast")) }),
        ),
        (steps) => {
          for (const { step } of orderWarnings(steps)) expect(step).toBeLessThan(steps.length);
        },
      ),
    );
  });
});

/** The warned-of loss, seen in the result. */
describe("the loss is real", () => {
  const compress = (source: Model, ...steps: StepInput[]) =>
    compressModel(source, checkRecipe({ name: "order", steps }));
  const dense = (w: Tensor) =>
    model(
      graph({
        input: [value("x", [2, w.dims[0] ?? 0])],
        output: [value("y", [2, w.dims[1] ?? 0])],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [w],
      }),
    );
  const values = (source: Model, name: RegExp) => {
    const tensor = source.graph.initializer.find(
      (entry) => name.test(entry.name ?? "") && entry.dims.length >= 2,
    );
    if (tensor === undefined) throw new Error(String(name));
    return tensor;
  };
  /** 48 × 24 weights of four values, as clustering leaves them: most of them small. */
  const shared = [0.1, -0.2, 0.5, -0.9];
  const clustered = (name: string, dims: number[]) => {
    const random = readFloats(weight(name, dims, 9));
    return floats(
      name,
      dims,
      Array.from(random, (at) => shared[at > -0.2 ? 0 : at > -0.6 ? 1 : at > -0.95 ? 2 : 3] ?? 0),
    );
  };
  const distinct = (tensor: Tensor) => new Set(Array.from(readTensor(tensor), Number)).size;

  const wide = weight("w", [64, 64], 3);
  it.each<[StepInput, StepInput]>([
    [{ use: "quantize.dynamic" }, { use: "cast.float16" }],
    [{ use: "quantize.dynamic" }, { use: "quantize.dynamic" }],
    [{ use: "quantize.dynamic" }, { use: "prune.magnitude" }],
    [{ use: "cast.float16" }, { use: "quantize.dynamic" }],
  ])("$use leaves nothing to $use", async (earlier, later) => {
    expect((await compress(dense(wide), later)).outcome).toBe("compressed");
    const { steps } = await compress(dense(wide), earlier, later);
    expect(steps.map(({ changed }) => changed.length > 0)).toEqual([true, false]);
    expect(orderWarnings([earlier, later])).toHaveLength(1);
  });

  it("pruning clustered weights misses the sparsity asked for", async () => {
    const zeros = async (source: Model) => {
      const { model: changed } = await compress(source, { use: "prune.magnitude", sparsity: 0.5 });
      const list = Array.from(readFloats(values(changed, /^w$/)));
      return list.filter((entry) => entry === 0).length / list.length;
    };
    expect(await zeros(dense(weight("w", [48, 24], 9)))).toBeCloseTo(0.5, 3);
    expect(Math.abs((await zeros(dense(clustered("w", [48, 24])))) - 0.5)).toBeGreaterThan(0.05);
  });

  it("scales per channel make many integers of few shared values, one scale does not", async () => {
    const count = async (perChannel: boolean) => {
      const { model: changed } = await compress(dense(clustered("w", [6, 400])), {
        use: "quantize.dynamic",
        per_channel: perChannel,
      });
      return distinct(values(changed, /^w_quantized$/));
    };
    expect(await count(false)).toBeLessThanOrEqual(shared.length);
    expect(await count(true)).toBeGreaterThan(shared.length);
  });

  const normalised = (w: Tensor) =>
    model(
      graph({
        input: [value("x", [1, 3, 6, 6])],
        output: [value("y", [1, 8, 4, 4])],
        node: [node("Conv", ["x", "w"], ["c"]), node("BatchNormalization", ["c", "s", "b", "m", "v"], ["y"])],
        initializer: [
          w,
          floats("s", [8], [1, 2, 3, 4, 5, 6, 7, 8]),
          ...["b", "m"].map((name) => weight(name, [8], 4)),
          floats("v", [8], [1, 1, 2, 2, 3, 3, 4, 4]),
        ],
      }),
    );

  it("fusing batch normalisation makes many values of few shared ones", async () => {
    const source = normalised(clustered("w", [8, 3, 3, 3]));
    const { model: changed } = await compress(source, { use: "simplify" });
    expect(distinct(values(source, /^w/))).toBe(shared.length);
    expect(distinct(values(changed, /^w/))).toBeGreaterThan(2 * shared.length);
  });

  it("pruning before the fusion removes more of what the convolution does", async () => {
    const source = normalised(weight("w", [8, 3, 3, 3], 5));
    const whole = readFloats(values((await compress(source, { use: "simplify" })).model, /^w/));
    const removed = async (...steps: StepInput[]) => {
      const kept = readFloats(values((await compress(source, ...steps)).model, /^w/));
      return whole.reduce((sum, entry, at) => sum + (kept[at] === 0 ? entry ** 2 : 0), 0);
    };
    const [prune, simplify]: StepInput[] = [{ use: "prune.magnitude" }, { use: "simplify" }];
    if (prune === undefined || simplify === undefined) throw new Error("no steps");
    expect(await removed(simplify, prune)).toBeLessThan(await removed(prune, simplify));
  });

  it("quantised convolutions keep their batch normalisation", async () => {
    const source = normalised(weight("w", [8, 3, 3, 3], 5));
    const quantize: StepInput = { use: "quantize.dynamic", op_types: ["Conv"] };
    const operators = async (...steps: StepInput[]) =>
      (await compress(source, ...steps)).model.graph.node.map(({ opType }) => opType);
    expect(await operators({ use: "simplify" })).toEqual(["Conv"]);
    expect(await operators(quantize, { use: "simplify" })).toContain("BatchNormalization");
  });

  it("a second simplification finds nothing", async () => {
    const source = normalised(weight("w", [8, 3, 3, 3], 5));
    const { steps } = await compress(source, { use: "simplify" }, { use: "simplify" });
    expect(steps.map(({ changed }) => changed.length > 0)).toEqual([true, false]);
  });
});
