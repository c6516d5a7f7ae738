import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { silent } from "./pass.ts";
import { pruneMagnitudeSchema } from "./prune.magnitude.schema.ts";
import { pruneMagnitude } from "./prune.magnitude.ts";
import { layersWithin } from "./sensitivity/layers.ts";
import { madeUpData } from "./sensitivity/made-up.ts";
import { scanSensitivity } from "./sensitivity.ts";
import { floats, graph, graphAttribute, model, node, value, weight } from "./testing/build.ts";
import { floatInput, itemsOf, valueError } from "./testing/calibration.ts";
import { loadModel, tensorText } from "./testing/describe.ts";

/** y = (x · a) · b + 0 · (x · dead); `zero` holds zeros only. */
function net(): Model {
  return model(
    graph({
      input: [value("x", ["n", 8])],
      output: [value("y", ["n", 8])],
      node: [
        node("Constant", [], ["b"], [{ name: "value", t: weight("", [8, 8], 2), type: 4 }]),
        node("MatMul", ["x", "a"], ["h"]),
        node("MatMul", ["h", "b"], ["s"]),
        node("MatMul", ["x", "dead"], ["d"]),
        node("MatMul", ["d", "zero"], ["z"]),
        node("Add", ["s", "z"], ["y"]),
      ],
      initializer: [
        weight("a", [8, 8], 1),
        weight("dead", [8, 8], 3),
        floats("zero", [8, 8], new Array<number>(64).fill(0)),
      ],
    }),
  );
}

const items = itemsOf({
  x: floatInput(
    [5, 8],
    Float32Array.from({ length: 40 }, (_, at) => Math.sin(at)),
  ),
});

describe("the scan", () => {
  it("tells what magnitude pruning of that tensor alone does, and leaves the model as it was", async () => {
    const source = net();
    const before = JSON.stringify(source.graph.initializer.map(tensorText));
    const seen: number[] = [];
    const { rows, items: count } = await scanSensitivity(source, loadExecutable, items, {
      onProgress: (fraction) => seen.push(fraction),
    });
    expect(JSON.stringify(source.graph.initializer.map(tensorText))).toBe(before);
    expect(count).toBe(1);
    expect(rows).toHaveLength(4 * 4);
    expect([seen[0], seen.at(-1), seen.length]).toEqual([0, 1, 17]);
    for (const { tensor, sparsity, relativeError, achieved } of rows) {
      const pruned = cloneStructure(source);
      const options = { use: "prune.magnitude", sparsity: 0, layers: { [tensor]: sparsity } };
      await pruneMagnitude(pruned, pruneMagnitudeSchema.parse(options), silent);
      const expected = await valueError(source, pruned, "y", items);
      expect(relativeError, `${tensor} ${sparsity}`).toBeCloseTo(expected, 9);
      if (tensor !== "zero") expect(achieved).toBeCloseTo(sparsity, 1);
    }
  });

  it("finds no error in tensors that nothing depends on, and more in others the more is pruned", async () => {
    const { rows } = await scanSensitivity(net(), loadExecutable, items);
    const of = (name: string) => rows.filter(({ tensor }) => tensor === name);
    for (const name of ["dead", "zero"]) {
      for (const row of of(name)) expect([row.relativeError, row.cosine]).toEqual([0, 1]);
    }
    for (const name of ["a", "b"]) {
      const errors = of(name).map(({ relativeError }) => relativeError);
      expect(errors[0]).toBeGreaterThan(0);
      expect(errors.at(-1)).toBeGreaterThan(errors[0] ?? 1);
    }
  });

  it("takes the largest tensors only, and sparsities within bounds", async () => {
    const source = net();
    source.graph.initializer[1] = weight("dead", [8, 8], 3);
    const some = await scanSensitivity(source, loadExecutable, items, {
      maxTensors: 1,
      sparsities: [0.5],
      protect: ["a"],
    });
    expect(some.rows.map(({ tensor }) => tensor)).toEqual(["b"]);
    expect(some.skipped.map(({ name, reason }) => ({ name, reason: english(reason) }))).toEqual([
      { name: "a", reason: "protected by name" },
      { name: "dead", reason: "only the 1 largest tensors were scanned" },
      { name: "zero", reason: "only the 1 largest tensors were scanned" },
    ]);
    await expect(scanSensitivity(source, loadExecutable, items, { sparsities: [1.5] })).rejects.toThrow(
      "between 0 and 1",
    );
    await expect(scanSensitivity(source, loadExecutable, itemsOf())).rejects.toThrow("no items");
  });

  it("ends where the caller says so", async () => {
    let left = 3;
    const stop = () => {
      if (left-- === 0) throw new Error("enough");
    };
    await expect(scanSensitivity(net(), loadExecutable, items, { checkpoint: stop })).rejects.toThrow(
      "enough",
    );
  });

  it("reaches into subgraphs", async () => {
    const branch = (name: string) =>
      graph({
        name,
        output: [value(`${name}_y`, ["n", 8])],
        node: [node("MatMul", ["x", `${name}_w`], [`${name}_y`])],
        initializer: [weight(`${name}_w`, [8, 8], 7)],
      });
    const source = model(
      graph({
        input: [value("x", ["n", 8]), value("c", [], "bool")],
        output: [value("y", ["n", 8])],
        node: [
          node(
            "If",
            ["c"],
            ["y"],
            [graphAttribute("then_branch", branch("t")), graphAttribute("else_branch", branch("e"))],
          ),
        ],
      }),
    );
    const data = itemsOf({
      x: floatInput([1, 8], new Float32Array(8).fill(1)),
      c: { dtype: "bool", dims: [], data: Uint8Array.of(1) },
    });
    const { rows } = await scanSensitivity(source, loadExecutable, data, { sparsities: [0.5] });
    expect(rows.map(({ tensor, relativeError }) => [tensor, relativeError > 0])).toEqual([
      ["t_w", true],
      ["e_w", false],
    ]);
  });
});

describe("sparsities from a scan", () => {
  const row = (tensor: string, sparsity: number, relativeError: number) => ({
    tensor,
    sparsity,
    relativeError,
    elements: 1,
    achieved: sparsity,
    cosine: 1,
  });

  it("are the largest up to which the error stays within the tolerance", () => {
    const rows = [
      row("a", 0.9, 0.3),
      row("a", 0.25, 0.01),
      row("a", 0.5, 0.1),
      row("b", 0.25, 0.2),
      row("b", 0.5, 0.05),
      row("c", 0.5, Number.POSITIVE_INFINITY),
    ];
    // An error that shrinks again beyond one that was too large is chance.
    expect(layersWithin(rows, 0.1)).toEqual({ a: 0.5, b: 0, c: 0 });
  });
});

const cnn = sharedData("data/onnx/mnist/cnn_max_mninst2.onnx");

describe.skipIf(cnn === undefined)("on a real model", () => {
  it("ranks the layers, and pruning by the result harms less than the same share everywhere", {
    timeout: 30_000,
  }, async () => {
    const source = loadModel(cnn ?? "");
    const data = madeUpData(source.graph, 1, 16);
    const { rows } = await scanSensitivity(source, loadExecutable, data);
    console.log(
      rows
        .map(
          (row) =>
            `${row.tensor} ${row.sparsity}: ${row.relativeError.toFixed(4)} cosine ${row.cosine.toFixed(4)}`,
        )
        .join("\n"),
    );
    expect(rows).toHaveLength(16);
    const errorsOf = (name: string) =>
      rows.filter(({ tensor }) => tensor === name).map((row) => row.relativeError);
    for (const name of new Set(rows.map(({ tensor }) => tensor))) {
      const errors = errorsOf(name);
      expect(errors).toEqual([...errors].sort((a, b) => a - b));
    }
    const layers = layersWithin(rows, 0.3);
    const prune = async (options: object) => {
      const pruned = cloneStructure(source);
      await pruneMagnitude(
        pruned,
        pruneMagnitudeSchema.parse({ use: "prune.magnitude", ...options }),
        silent,
      );
      return pruned;
    };
    const zerosOf = (name: string) =>
      (layers[name] ?? 0) * (rows.find(({ tensor }) => tensor === name)?.elements ?? 0);
    const names = Object.keys(layers);
    const weights = names.reduce(
      (sum, name) => sum + (rows.find(({ tensor }) => tensor === name)?.elements ?? 0),
      0,
    );
    const sparsity = names.reduce((sum, name) => sum + zerosOf(name), 0) / weights;
    const output = source.graph.output[0]?.name ?? "";
    const byScan = await valueError(source, await prune({ sparsity: 0, layers }), output, data);
    const alike = await valueError(source, await prune({ scope: "layer", sparsity }), output, data);
    console.log(
      layers,
      `error ${byScan.toFixed(4)}, with ${sparsity.toFixed(4)} everywhere ${alike.toFixed(4)}`,
    );
    expect(byScan).toBeLessThan(alike);
  });
});
