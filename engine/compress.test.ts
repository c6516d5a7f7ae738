import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { compressModel, notApplicableReason } from "./compress.ts";
import { encodeModel, joinChunks } from "./onnx/encode.ts";
import type { Model } from "./onnx/model.ts";
import { graph, model, node, value, weight } from "./passes/testing/build.ts";
import { checkRecipe, namedRecipes } from "./recipes.ts";

function dense(): Model {
  return model(
    graph({
      input: [value("x", [1, 64])],
      output: [value("y", [1, 64])],
      node: [node("MatMul", ["x", "w"], ["h"]), node("Gemm", ["h", "v", "b"], ["y"])],
      initializer: [weight("w", [64, 64]), weight("v", [64, 64], 2), weight("b", [64], 3)],
    }),
  );
}

function recipe(...steps: object[]) {
  return checkRecipe({ name: "test", steps });
}

const bytes = (source: Model) => Buffer.from(joinChunks(encodeModel(source)));

describe("compressModel", () => {
  it.each(namedRecipes)(
    "$recipe.name leaves the original untouched, byte for byte",
    async ({ recipe: named }) => {
      const source = dense();
      const before = bytes(source);
      const result = await compressModel(source, named);
      // Random weights have no low rank, and there is no data to calibrate on.
      const applies = !["low-rank", "int8-static"].includes(named.name);
      expect(result.outcome).toBe(applies ? "compressed" : "not-applicable");
      expect(bytes(source).equals(before)).toBe(true);
      expect(bytes(result.model).equals(before)).toBe(!applies);
    },
  );

  it("gives the same bytes each time", async () => {
    for (const { recipe: named } of namedRecipes) {
      const [one, other] = await Promise.all([1, 2].map(() => compressModel(dense(), named)));
      expect(one && other && bytes(one.model).equals(bytes(other.model))).toBe(true);
    }
  });

  it("shares the bytes of tensors that it did not touch", async () => {
    const source = dense();
    const result = await compressModel(source, recipe({ use: "prune.magnitude", protect: ["v"] }));
    const raw = (from: Model, name: string) =>
      from.graph.initializer.find((tensor) => tensor.name === name)?.rawData;
    expect(raw(result.model, "v")).toBe(raw(source, "v"));
    expect(raw(result.model, "w")).not.toBe(raw(source, "w"));
  });

  it("applies steps in order, with progress and durations from the clock it is given", async () => {
    const seen: [number, string][] = [];
    let clock = 0;
    const result = await compressModel(
      dense(),
      recipe({ use: "prune.magnitude" }, { use: "quantize.dynamic" }),
      {
        onProgress: (fraction, step) => seen.push([fraction, step]),
        now: () => (clock += 500),
      },
    );
    expect(result.steps.map(({ use, seconds }) => [use, seconds])).toEqual([
      ["prune.magnitude", 0.5],
      ["quantize.dynamic", 0.5],
    ]);
    const fractions = seen.map(([fraction]) => fraction);
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(seen.find(([fraction]) => fraction > 0.5)?.[1]).toBe("quantize.dynamic");
    expect(result.warnings).toHaveLength(1);
  });

  it("reports a step that cannot help, and goes on with the others", async () => {
    const result = await compressModel(dense(), recipe({ use: "quantize.dynamic" }, { use: "cast.float16" }));
    expect(result.outcome).toBe("compressed");
    expect(result.steps[1]?.changed).toEqual([]);
    expect(english(result.steps[1]?.skipped[0]?.reason ?? "")).toContain("quantised already");
  });
});

describe("not applicable", () => {
  it("a network of convolutions under int8-dynamic, and hands back the model itself", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 3, 32, 32])],
        output: [value("y", [1, 8, 30, 30])],
        node: [node("Conv", ["x", "w"], ["y"])],
        initializer: [weight("w", [8, 3, 3, 3])],
      }),
    );
    const result = await compressModel(source, recipe({ use: "quantize.dynamic" }));
    expect(result.outcome).toBe("not-applicable");
    expect(result.model).toBe(source);
    expect(english(notApplicableReason(result) ?? "")).toBe(
      "not applicable, because ConvInteger is slower than the float32 Conv; static quantisation is the technique for convolutions",
    );
  });

  it("a technique that would make the file larger", async () => {
    const source = model(
      graph({
        input: [value("x", [1, 2])],
        output: [value("y", [1, 2])],
        node: [node("MatMul", ["x", "w"], ["y"])],
        initializer: [weight("w", [2, 2])],
      }),
    );
    for (const use of ["quantize.dynamic", "cast.float16"]) {
      const result = await compressModel(source, recipe({ use }));
      expect(result.outcome).toBe("not-applicable");
      expect(english(result.steps[0]?.skipped[0]?.reason ?? "")).toMatch(
        /^the file would grow from [\d,]+ to [\d,]+ bytes/,
      );
    }
  });

  it("a model that is quantised already", async () => {
    const quantized = (await compressModel(dense(), recipe({ use: "quantize.dynamic" }))).model;
    for (const use of ["quantize.dynamic", "cast.float16"]) {
      const result = await compressModel(quantized, recipe({ use }));
      expect(result.outcome).toBe("not-applicable");
      expect(english(notApplicableReason(result) ?? "")).toContain("the model is quantised already");
    }
  });

  it("an opset too old that cannot be raised, naming the operator", async () => {
    const source = dense();
    source.opsetImport = [{ domain: "", version: 8 }];
    source.graph.node.unshift(node("Scan", ["", "x"], ["s"]));
    const result = await compressModel(source, recipe({ use: "quantize.dynamic" }));
    expect(result.outcome).toBe("not-applicable");
    expect(english(notApplicableReason(result) ?? "")).toMatch(
      /it needs opset 11 and the model has 8\. Scan "n_s" cannot be carried over to opset 9: /,
    );
  });

  it("an empty recipe", async () => {
    const source = dense();
    const result = await compressModel(source, recipe());
    expect(result.model).toBe(source);
    expect(english(notApplicableReason(result) ?? "")).toBe(
      "not applicable, because the recipe has no steps",
    );
  });
});
