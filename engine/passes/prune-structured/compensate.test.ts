import { afterAll, describe, expect, it } from "vitest";
import { compressModel } from "#engine/compress.ts";
import { english } from "#engine/english.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeFloat, makeInts } from "#engine/onnx/attributes.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { checkRecipe } from "#engine/recipes.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { sharedData } from "#engine/testing/shared.ts";
import type { CalibrationData } from "../pass.ts";
import { floats, graph, model, node, randomFloats, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { loadModel } from "../testing/describe.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

/** Random items for one input, several times as many as there are units. */
function noise(name: string, dims: number[], batches = 40): CalibrationData {
  return {
    items: batches * (dims[0] ?? 1),
    description: "random items",
    *batches() {
      for (let at = 0; at < batches; at++) {
        const data = randomFloats(
          dims.reduce((a, b) => a * b, 1),
          at + 1,
        );
        yield {
          feeds: { [name]: { dtype: "float32", dims, data } },
          rows: Uint32Array.of(at),
          size: dims[0] ?? 1,
        };
      }
    },
  };
}

async function prune(source: Model, options: object, calibration: CalibrationData | undefined) {
  const recipe = checkRecipe({ name: "test", steps: [{ use: "prune.structured", ...options }] });
  const tools = { load: loadExecutable, calibration };
  return await compressModel(source, recipe, { tools });
}

/** Units 0 to 3 are alive, 4 to 7 make a constant whatever the input is. */
function halfConstant(bias: number[], inner: Node[], extra: Tensor[]): Model {
  const alive = randomFloats(4 * 4, 3, 2);
  const w = Array.from({ length: 32 }, (_, at) =>
    at % 8 < 4 ? (alive[Math.floor(at / 8) * 4 + (at % 8)] ?? 0) : 0,
  );
  return model(
    graph({
      input: [value("x", [2, 4])],
      output: [value("y", [2, 3])],
      node: [node("Gemm", ["x", "w", "b"], ["h"]), node("Sigmoid", ["h"], ["s"]), ...inner],
      initializer: [floats("w", [4, 8], w), floats("b", [8], bias), ...extra],
    }),
  );
}

const bias = [0.1, 0.2, 0.3, 0.4, 1, -1, 2, 0];
const small = weight("o", [8, 3], 5, 0.2);

describe("the mean of what goes moves into the biases", () => {
  it.each([
    ["of a Gemm without one", [node("Gemm", ["s", "o"], ["y"])], []],
    [
      "of a Gemm with factors",
      [node("Gemm", ["s", "o", "ob"], ["y"], [makeFloat("alpha", 0.5), makeFloat("beta", 2)])],
      [weight("ob", [3], 8)],
    ],
    ["behind a MatMul", [node("MatMul", ["s", "o"], ["y"])], []],
    [
      "behind a Gemm whose bias is a matrix",
      [node("Gemm", ["s", "o", "ob"], ["y"])],
      [weight("ob", [2, 3], 8)],
    ],
  ])("%s: exactly, where it is constant", async (_, inner, extra) => {
    const source = halfConstant(bias, inner, [small, ...extra]);
    const result = await prune(source, { ratio: 0.5, compensate: true }, noise("x", [2, 4]));
    expect(modelProblems(result.model)).toEqual([]);
    expect(english(result.steps[0]?.changed[0]?.what ?? "")).toContain("4 of 8 removable units are gone");
    expect(english(result.steps[0]?.changed.at(-1)?.what ?? "")).toBe(
      "1 bias makes up for the mean of what its layer no longer reads (over random items)",
    );
    const { error, outputs } = await comparer.compare(source, result.model);
    expect(error).toBeUndefined();
    expect(outputs[0]?.maxAbs).toBeLessThan(1e-6);
    // Without it the constants are missed.
    const plain = await comparer.compare(source, (await prune(source, { ratio: 0.5 }, undefined)).model);
    expect(plain.outputs[0]?.maxAbs).toBeGreaterThan(0.01);
  });

  it("of a convolution, kernels summed", async () => {
    const kernels = Array.from({ length: 24 }, (_, at) => (at < 12 ? (randomFloats(24, 4)[at] ?? 0) * 3 : 0));
    const source = model(
      graph({
        input: [value("x", [1, 3, 6, 6])],
        output: [value("y", [1, 2, 4, 4])],
        node: [
          node("Conv", ["x", "w", "b"], ["h"]),
          node("Sigmoid", ["h"], ["s"]),
          node("Conv", ["s", "o"], ["y"], [makeInts("kernel_shape", [3, 3])]),
        ],
        initializer: [
          floats("w", [8, 3, 1, 1], kernels),
          floats("b", [8], bias),
          weight("o", [2, 8, 3, 3], 5, 0.2),
        ],
      }),
    );
    const result = await prune(source, { ratio: 0.5, compensate: true }, noise("x", [1, 3, 6, 6]));
    const { error, outputs } = await comparer.compare(source, result.model);
    expect(error).toBeUndefined();
    expect(outputs[0]?.maxAbs).toBeLessThan(1e-5);
  });

  it("is not applicable without data", async () => {
    const source = halfConstant(bias, [node("MatMul", ["s", "o"], ["y"])], [small]);
    const result = await prune(source, { compensate: true }, undefined);
    expect(result.outcome).toBe("not-applicable");
    expect(english(result.steps[0]?.skipped[0]?.reason ?? "")).toBe(
      "it needs data to calibrate on, and none was given",
    );
  });
});

const cnn = sharedData("data/torch/torch_cnn_bn.onnx");

describe.skipIf(cnn === undefined)("on a trained network", () => {
  it("the error gets smaller", async () => {
    const source = loadModel(cnn ?? "");
    const error = async (options: object) => {
      const pruned = await prune(source, options, noise("image", [8, 1, 28, 28]));
      const { error: failure, outputs } = await comparer.compare(source, pruned.model, {
        shapes: { image: [64, 1, 28, 28] },
        seed: 99,
      });
      expect(failure).toBeUndefined();
      return outputs[0]?.maxAbs ?? 0;
    };
    const [plain, compensated] = [await error({ ratio: 0.3 }), await error({ ratio: 0.3, compensate: true })];
    console.log(`largest error of the logits ${plain.toFixed(4)}, compensated ${compensated.toFixed(4)}`);
    expect(compensated).toBeLessThan(0.7 * plain);
  });
});
