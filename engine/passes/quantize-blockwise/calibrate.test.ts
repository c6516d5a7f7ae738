import { describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { makeInt } from "#engine/onnx/attributes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { ThreadPool } from "#engine/runtime/pool.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { runStep } from "../index.ts";
import { type CalibrationData, type PassTools, silent } from "../pass.ts";
import { quantizeBlockwiseSchema } from "../quantize.blockwise.schema.ts";
import { graph, model, node, randomFloats, value, weight } from "../testing/build.ts";
import { inEnglish } from "../testing/in-english.ts";

const width = 96;

/** Batches of rows whose elements are near those before them. */
function correlatedData(batches: number, rows: number, seed: number): CalibrationData {
  const noise = randomFloats(batches * rows * width, seed);
  const feeds = Array.from({ length: batches }, (_, batch) => {
    const data = noise.slice(batch * rows * width, (batch + 1) * rows * width);
    for (let at = 0; at < data.length; at++) if (at % width > 0) data[at] = data[at]! + 0.9 * data[at - 1]!;
    return data;
  });
  return {
    items: batches * rows,
    description: "rows made by a seed",
    batches: () =>
      feeds.map((data, at) => ({
        feeds: { x: { dtype: "float32" as const, dims: [rows, width], data } },
        rows: Uint32Array.from({ length: rows }, (_, row) => at * rows + row),
        size: rows,
      })),
  };
}

async function quantize(source: Model, options: object, tools: Partial<PassTools> = {}) {
  const changed = cloneStructure(source);
  const step = quantizeBlockwiseSchema.parse({
    use: "quantize.blockwise",
    block_size: 32,
    accuracy_level: 1,
    ...options,
  });
  const context = { ...silent, load: loadExecutable, ...tools };
  const result = inEnglish(await runStep(changed, step, context));
  return { changed, result };
}

/** Squared difference of the outputs of two models over data, relative to the outputs' own squares. */
async function outputError(original: Model, changed: Model, data: CalibrationData): Promise<number> {
  const sessions = [await loadExecutable(original), await loadExecutable(changed)] as const;
  let [difference, size] = [0, 0];
  for (const { feeds } of data.batches(sessions[0].signature)) {
    const [before, after] = await Promise.all(sessions.map((session) => session.run(feeds)));
    const [a, b] = [before?.y?.data ?? [], after?.y?.data ?? []];
    for (let at = 0; at < a.length; at++) {
      difference += (Number(a[at]) - Number(b[at])) ** 2;
      size += Number(a[at]) ** 2;
    }
  }
  for (const session of sessions) await session.release();
  return difference / size;
}

function layers(): Model {
  return model(
    graph({
      input: [value("x", ["n", width])],
      output: [value("y", ["n", 40])],
      node: [
        node("Gemm", ["x", "w"], ["h"], [makeInt("transB", 1)]),
        node("Tanh", ["h"], ["a"]),
        node("MatMul", ["a", "v"], ["y"]),
      ],
      initializer: [weight("w", [64, width], 1, 0.1), weight("v", [64, 40], 2)],
    }),
  );
}

const data = correlatedData(4, 60, 11);

describe("GPTQ on calibration data", () => {
  it.each([{ symmetric: true }, { symmetric: false, bits: 4 }, { symmetric: true, bits: 8 }])(
    "changes a layer's outputs less than rounding to nearest does: %o",
    async (options) => {
      const single = layers();
      single.graph.node = [node("MatMul", ["x", "w"], ["y"])];
      single.graph.initializer = [weight("w", [width, 40], 3)];
      const nearest = await quantize(single, options);
      const calibrated = await quantize(single, { ...options, algorithm: "gptq" }, { calibration: data });
      expect(calibrated.result.changed[0]?.what).toMatch(/, GPTQ$/);
      const before = await outputError(single, nearest.changed, data);
      const after = await outputError(single, calibrated.changed, data);
      // Other data of the same kind profits as well: it is no fit to the calibration items.
      const unseen = correlatedData(2, 60, 99);
      const [unseenBefore, unseenAfter] = [
        await outputError(single, nearest.changed, unseen),
        await outputError(single, calibrated.changed, unseen),
      ];
      const figures = [before, after, unseenBefore, unseenAfter].map((error) => error.toExponential(3));
      console.log(
        `${JSON.stringify(options)}: calibration ${figures[0]} → ${figures[1]}, unseen ${figures[2]} → ${figures[3]}`,
      );
      expect(after).toBeLessThan(0.5 * before);
      expect(unseenAfter).toBeLessThan(0.7 * unseenBefore);
    },
  );

  it("goes through several layers, and gives the same bytes on other cores", async () => {
    const options = { algorithm: "gptq" };
    const nearest = await quantize(layers(), {});
    const fractions: number[] = [];
    const inline = await quantize(layers(), options, { calibration: data });
    expect(inline.result.changed.map(({ what }) => what.endsWith("GPTQ"))).toEqual([true, true]);
    const [before, after] = [
      await outputError(layers(), nearest.changed, data),
      await outputError(layers(), inline.changed, data),
    ];
    expect(after).toBeLessThan(before);
    await using pool = new ThreadPool(2);
    const source = layers();
    const step = quantizeBlockwiseSchema.parse({
      use: "quantize.blockwise",
      block_size: 32,
      accuracy_level: 1,
      ...options,
    });
    const context = { ...silent, load: loadExecutable, calibration: data, pool };
    const onProgress = (fraction: number) => fractions.push(fraction);
    await runStep(source, step, { ...context, onProgress });
    expect(Buffer.concat(encodeModel(source)).equals(Buffer.concat(encodeModel(inline.changed)))).toBe(true);
    expect(fractions.at(-1)).toBeCloseTo(1);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
  });

  it("adds up the inputs of all nodes that share a weight", async () => {
    const source = layers();
    source.graph.node = [
      node("MatMul", ["x", "w"], ["a"]),
      node("Tanh", ["a"], ["h"]),
      node("MatMul", ["h", "w"], ["b"]),
      node("Add", ["a", "b"], ["y"]),
    ];
    source.graph.initializer = [weight("w", [width, width], 4, 0.1)];
    const nearest = await quantize(source, {});
    const calibrated = await quantize(source, { algorithm: "gptq" }, { calibration: data });
    expect(calibrated.result.changed).toHaveLength(2);
    expect(calibrated.changed.graph.initializer).toHaveLength(2);
    expect(await outputError(source, calibrated.changed, data)).toBeLessThan(
      await outputError(source, nearest.changed, data),
    );
  });

  it("rounds to nearest, and says so, where inputs say nothing", async () => {
    const zero = { ...data, batches: () => [...data.batches({ inputs: [], outputs: [] })].map(blank) };
    const dead = await quantize(layers(), { algorithm: "gptq" }, { calibration: zero });
    expect(dead.result.changed.map(({ what }) => what.split(", ").slice(-2).join(", "))).toEqual([
      "rounded to nearest, since its inputs are not finite or always zero",
      "rounded to nearest, since its inputs are not finite or always zero",
    ]);
  });

  it("is not applicable without data", async () => {
    const { result, changed } = await quantize(layers(), { algorithm: "gptq" });
    expect(result.skipped).toEqual([
      { name: "model", reason: "it needs data to calibrate on, and none was given" },
    ]);
    expect(changed).toEqual(layers());
  });
});

function blank(batch: ReturnType<CalibrationData["batches"]> extends Iterable<infer Batch> ? Batch : never) {
  const x = batch.feeds.x!;
  return { ...batch, feeds: { x: { ...x, data: new Float32Array(x.data.length) } } };
}

describe("HQQ", () => {
  it("is nearer to the weights than rounding to nearest, and needs 4 bits", async () => {
    const options = { symmetric: false, nodes_to_include: ["n_y"] };
    const nearest = await quantize(layers(), options);
    const optimized = await quantize(layers(), { ...options, algorithm: "hqq" });
    expect(optimized.result.changed[0]?.what).toContain("with zero points, HQQ");
    const [before, after] = [
      await outputError(layers(), nearest.changed, data),
      await outputError(layers(), optimized.changed, data),
    ];
    expect(after).toBeLessThan(before);
    expect(optimized.result.warnings[0]).toContain("float zero points");
    expect(() =>
      quantizeBlockwiseSchema.parse({ use: "quantize.blockwise", algorithm: "hqq", bits: 8 }),
    ).toThrow("4 bits only");
  });
});
