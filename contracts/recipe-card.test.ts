import { describe, expect, it } from "vitest";
import { stepSchema } from "#engine/passes/step.schema.ts";
import { recipeSchema } from "#engine/recipe.schema.ts";
import { namedRecipes } from "#engine/recipes.ts";
import type { RecipePreset } from "./recipe.ts";
import {
  type CardChoice,
  changedOptions,
  choiceOf,
  expectedBytes,
  isLikelyApplicable,
  recipesOf,
  runCount,
  sweepOf,
} from "./recipe-card.ts";
import { withValue } from "./step-options.ts";

const preset = (name: string): RecipePreset => {
  const found = namedRecipes.find((one) => one.recipe.name === name);
  if (!found) throw new Error(`no recipe named ${name}`);
  return found;
};
const withOption = (choice: CardChoice, key: string, value: unknown): CardChoice => ({
  ...choice,
  steps: choice.steps.map((step) => ({ ...step, options: withValue(step.options, [key], value) })),
});
const two: RecipePreset = {
  recipe: recipeSchema.parse({
    name: "two",
    steps: [{ use: "prune.magnitude", sparsity: 0.9 }, { use: "cast.float16" }],
  }),
  summary: "",
  suits: "",
};

describe("recipesOf", () => {
  it.each(namedRecipes.map(({ recipe }) => recipe.name))(
    "asks for %s by its name while nothing was changed",
    (name) => expect(recipesOf(preset(name), choiceOf(preset(name)), 7)).toEqual([name]),
  );

  it("makes one run per share and names it", () => {
    const card = preset("prune-magnitude");
    const choice = { ...choiceOf(card), shares: [0.5, 0.925] };
    expect(sweepOf(card)).toEqual({ key: "sparsity", fallback: 0.5 });
    expect(runCount(choice)).toBe(2);
    expect(recipesOf(card, choice, 7)).toMatchObject([
      { name: "prune-magnitude 50%", seed: 7, steps: [{ use: "prune.magnitude", sparsity: 0.5 }] },
      { name: "prune-magnitude 92.5%", steps: [{ sparsity: 0.925 }] },
    ]);
    expect(sweepOf(preset("float16"))).toBeUndefined();
    expect(sweepOf(two)).toBeUndefined();
  });

  it("says in the name what differs from the card's own", () => {
    const card = preset("int8-dynamic");
    const changed = withOption(withOption(choiceOf(card), "per_channel", true), "nodes_to_exclude", [
      "a",
      "b",
    ]);
    expect(changedOptions(card, changed).map(({ key }) => key)).toEqual(["per_channel", "nodes_to_exclude"]);
    expect(recipesOf(card, changed, 0)).toMatchObject([
      { name: "int8-dynamic per-channel nodes-to-exclude:2", steps: [{ per_channel: true }] },
    ]);
    const back = withOption(withOption(changed, "per_channel", false), "nodes_to_exclude", []);
    expect(recipesOf(card, back, 0)).toEqual(["int8-dynamic"]);
    const other = withOption(choiceOf(card), "op_types", ["Gemm", "MatMul"]);
    expect(recipesOf(card, other, 0)).toMatchObject([{ name: "int8-dynamic Gemm+MatMul" }]);
    const wide = withOption(choiceOf(preset("float16")), "keep_io_types", false);
    expect(recipesOf(preset("float16"), wide, 0)).toMatchObject([{ name: "float16 no-keep-io-types" }]);
  });

  it("knows recipes of several steps", () => {
    expect(changedOptions(two, choiceOf(two))).toEqual([]);
    const steps = choiceOf(two).steps.map((step, index) => (index === 0 ? { ...step, options: {} } : step));
    expect(changedOptions(two, { ...choiceOf(two), steps })).toMatchObject([
      { use: "prune.magnitude", key: "sparsity" },
    ]);
  });

  it("is nothing while an option does not fit", () => {
    const card = preset("int8-dynamic");
    expect(recipesOf(card, withOption(choiceOf(card), "op_types", []), 0)).toBeUndefined();
    const prune = preset("prune-magnitude");
    expect(recipesOf(prune, { ...choiceOf(prune), shares: [0.5, 1.5] }, 0)).toBeUndefined();
  });
});

describe("expectations", () => {
  const weight = (name: string, shape: number[], dtype = "float32") => ({
    name,
    dtype,
    shape,
    bytes: shape.reduce((product, size) => product * size, dtype === "float32" ? 4 : 1),
  });
  const dense = {
    bytes: 10_000,
    initializers: [weight("w", [40, 50]), weight("b", [50])],
    operators: { Gemm: 1 },
  };
  const convolutions = { bytes: 5_000, initializers: [weight("k", [8, 3, 3, 3])], operators: { Conv: 1 } };
  const cast = stepSchema.parse({ use: "cast.float16" });
  const quantize = stepSchema.parse({ use: "quantize.dynamic" });
  const prune = stepSchema.parse({ use: "prune.magnitude" });

  it("halves float32 weights for float16", () => {
    expect(expectedBytes([cast], dense)).toBe(10_000 - (8_000 + 200) / 2);
  });
  it("keeps a byte of each weight of a matrix, and convolutions as they are", () => {
    expect(expectedBytes([quantize], dense)).toBe(10_000 - 6_000);
    expect(expectedBytes([quantize], convolutions)).toBe(5_000);
  });
  it("expects nothing of zeros in a raw file", () => {
    expect(expectedBytes([prune], dense)).toBe(10_000);
  });
  it("goes through steps that do not touch the same bytes, and guesses at no others", () => {
    expect(expectedBytes([prune, cast], dense)).toBe(expectedBytes([cast], dense));
    expect(expectedBytes([quantize, cast], dense)).toBeUndefined();
  });
  it("sees where a technique finds nothing to do", () => {
    expect(isLikelyApplicable(quantize, convolutions)).toBe(false);
    expect(isLikelyApplicable(quantize, dense)).toBe(true);
    const done = { bytes: 16, operators: { Gemm: 1 }, initializers: [weight("w", [4, 4], "uint8")] };
    expect(isLikelyApplicable(cast, done)).toBe(false);
  });
});
