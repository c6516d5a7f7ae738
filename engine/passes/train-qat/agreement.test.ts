import { afterAll, describe, expect, it } from "vitest";
import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import { smallSpecs } from "#engine/train/catalogue/testing/batch.ts";
import { signs } from "#engine/train/testing/signs.ts";
import { executedOps } from "../quantize-static/testing/kernels.ts";
import { floats, graph, model, node, value } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { agreement } from "./testing/agreement.ts";
import { itemsFor } from "./testing/items.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

/** What ONNX Runtime must make of the pairs. */
const integers: Record<string, Record<string, number>> = {
  mlp: { QGemm: 2 },
  "lenet-5": { QLinearConv: 2, QGemm: 2 },
  resnet: { QLinearConv: 9, QGemm: 1 },
  mobilenet: { QLinearConv: 5, QGemm: 1 },
  "text-cnn": { QLinearConv: 3, QGemm: 1 },
  transformer: { QLinearMatMul: 8, QGemm: 1 },
  lstm: { QGemm: 1 },
  "matrix-factorization": {},
  "two-tower": { QGemm: 4 },
};

/** The smallest distance of two outputs: a step of their scale, or several. */
function stepOf(values: Float32Array): number {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  return sorted.slice(1).reduce((least, value, at) => Math.min(least, value - (sorted[at] ?? 0)), Infinity);
}

function classesOf(values: Float32Array): number[] {
  const classes = 3;
  return Array.from({ length: values.length / classes }, (_, row) => {
    const scores = values.subarray(row * classes, (row + 1) * classes);
    return scores.indexOf(Math.max(...scores));
  });
}

const forms = [
  {},
  { per_channel: false, weight_type: "uint8" },
  { activation_type: "int8", symmetric_activations: true },
  { reduce_range: true },
  { calibration: "percentile" },
];

describe("what is trained is what is exported", () => {
  it.each(smallSpecs)("in integers that ONNX Runtime multiplies: %j", async (given) => {
    const spec = architectureSchema.parse(given);
    const source = buildArchitecture(spec, 3);
    for (const form of forms) {
      const { fake, exported, model } = await agreement(source, itemsFor(spec), form, 0.2);
      expect(exported.length).toBe(fake.length);
      if (!("users" in spec)) {
        expect(classesOf(exported)).toEqual(classesOf(fake));
        const step = stepOf(exported);
        fake.forEach((value, at) => {
          expect(Math.abs(value - (exported[at] ?? Number.NaN))).toBeLessThan(1.5 * step);
        });
      } else
        fake.forEach((value, at) => {
          expect(value).toBeCloseTo(exported[at] ?? Number.NaN, 4);
        });
      // Where Relu stays, ONNX Runtime has no integer kernel of what is before it.
      if ("symmetric_activations" in form) continue;
      const executed = await executedOps(comparer.save(model));
      expect(executed).toMatchObject(integers[spec.kind] ?? {});
      expect((executed.Conv ?? 0) + (executed.Gemm ?? 0) + (executed.MatMul ?? 0)).toBe(0);
    }
  });

  it("where layers share a weight with channels on different axes, a bias, and a Clip that goes", async () => {
    const dims = ["batch", 2];
    const source = model(
      graph({
        input: [value("x", dims)],
        output: [value("y", dims)],
        node: [
          node("MatMul", ["x", "w"], ["h"]),
          node("Add", ["h", "b"], ["i"]),
          node("Clip", ["i", "low", "high"], ["c"]),
          node("Gemm", ["c", "w", "b"], ["g"], [makeInt("transB", 1)]),
          node("Relu", ["g"], ["r"]),
          node("Gemm", ["r", "v", "b"], ["y"], [makeFloat("beta", 0.5)]),
        ],
        initializer: [
          floats("w", [2, 2], [1, 0.5, -0.3, 0.2]),
          floats("v", [2, 2], [0.9, -0.5, 0.6, 0.8]),
          floats("b", [2], [0.3, 0.2]),
          floats("low", [], [0]),
          floats("high", [], [1]),
        ],
      }),
      18,
    );
    for (const format of ["qdq", "qoperator"]) {
      for (const per_channel of [true, false]) {
        const {
          fake,
          exported,
          model: made,
        } = await agreement(source, signs(), { format, per_channel }, 0.2);
        const step = stepOf(exported);
        fake.forEach((value, at) => {
          expect(Math.abs(value - (exported[at] ?? Number.NaN))).toBeLessThan(1.5 * step);
        });
        expect(made.graph.node.some(({ opType }) => opType === "Clip" || opType === "Relu")).toBe(false);
      }
    }
  });

  it("moves with its weights and scales", async () => {
    const spec = architectureSchema.parse(smallSpecs[1]);
    const source = buildArchitecture(spec, 3);
    const [still, moved] = [
      await agreement(source, itemsFor(spec), {}, 0),
      await agreement(source, itemsFor(spec), {}, 0.2),
    ];
    expect(still.exported).not.toEqual(moved.exported);
  });

  it.each([smallSpecs[0], smallSpecs[1], smallSpecs[2], smallSpecs[3]])(
    "as integer operators, too: %j",
    async (given) => {
      const spec = architectureSchema.parse(given);
      const { fake, exported, model } = await agreement(
        buildArchitecture(spec, 3),
        itemsFor(spec),
        { format: "qoperator" },
        0.2,
      );
      expect(classesOf(exported)).toEqual(classesOf(fake));
      const step = stepOf(exported);
      fake.forEach((value, at) => {
        expect(Math.abs(value - (exported[at] ?? Number.NaN))).toBeLessThan(1.5 * step);
      });
      expect(model.graph.node.some(({ opType }) => /^QLinearConv$|^QGemm$/.test(opType))).toBe(true);
      expect(model.graph.node.some(({ opType }) => opType === "Relu")).toBe(false);
    },
  );
});
