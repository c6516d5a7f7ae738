import { describe, expect, it } from "vitest";
import { stepSchema } from "#engine/passes/step.schema.ts";
import { namedRecipes } from "#engine/recipes.ts";
import {
  changedFields,
  choiceOf,
  expectedBytes,
  fieldValue,
  isLikelyApplicable,
  recipeCards,
  recipesOf,
  runCount,
  withField,
} from "./recipe-card.ts";

const card = (name: string) => {
  const found = recipeCards.find((one) => one.name === name);
  if (!found) throw new Error(`no card named ${name}`);
  return found;
};

describe("recipeCards", () => {
  it("offer the engine's named recipes with the engine's own defaults", () => {
    const offered = recipeCards.map((one) => [one.name, [one.step]]).toSorted();
    expect(offered).toEqual(namedRecipes.map(({ recipe }) => [recipe.name, recipe.steps]).toSorted());
  });

  it("name only options that the step's schema knows", () => {
    for (const { step, fields } of recipeCards) {
      for (const { key, kind } of fields) {
        const value = { shares: 0.25, flag: true, choice: undefined, choices: undefined, names: ["one"] }[
          kind
        ];
        const given = value ?? fieldValue(step, key);
        expect(stepSchema.safeParse({ ...step, [key]: given }).success, key).toBe(true);
      }
    }
  });
});

describe("recipesOf", () => {
  it("asks for a named recipe by its name while nothing was changed", () => {
    expect(recipesOf(choiceOf(card("float16")), 7)).toEqual(["float16"]);
  });

  it("makes one run per share and names it", () => {
    const choice = { ...choiceOf(card("prune-magnitude")), shares: [0.5, 0.925] };
    const recipes = recipesOf(choice, 7);
    expect(runCount(choice)).toBe(2);
    expect(recipes).toMatchObject([
      { name: "prune-magnitude 50%", seed: 7, steps: [{ use: "prune.magnitude", sparsity: 0.5 }] },
      { name: "prune-magnitude 92.5%", steps: [{ sparsity: 0.925 }] },
    ]);
  });

  it("says in the name what differs from the defaults", () => {
    const choice = choiceOf(card("int8-dynamic"));
    const step = withField(withField(choice.step, "per_channel", true) ?? choice.step, "nodes_to_exclude", [
      "a",
      "b",
    ]);
    const changed = { ...choice, step: step ?? choice.step };
    expect(changedFields(changed).map((field) => field.key)).toEqual(["per_channel", "nodes_to_exclude"]);
    expect(recipesOf(changed, 0)).toMatchObject([{ name: "int8-dynamic per-channel nodes-to-exclude:2" }]);
  });

  it("refuses what the schema refuses", () => {
    expect(withField(card("prune-magnitude").step, "sparsity", 1.5)).toBeUndefined();
    expect(withField(card("int8-dynamic").step, "op_types", [])).toBeUndefined();
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

  it("halves float32 weights for float16", () => {
    expect(expectedBytes(card("float16").step, dense)).toBe(10_000 - (8_000 + 200) / 2);
  });
  it("keeps a byte of each weight of a matrix, and convolutions as they are", () => {
    expect(expectedBytes(card("int8-dynamic").step, dense)).toBe(10_000 - 6_000);
    expect(expectedBytes(card("int8-dynamic").step, convolutions)).toBe(5_000);
  });
  it("expects nothing of zeros in a raw file", () => {
    expect(expectedBytes(card("prune-magnitude").step, dense)).toBe(10_000);
  });
  it("sees where a technique finds nothing to do", () => {
    expect(isLikelyApplicable(card("int8-dynamic").step, convolutions)).toBe(false);
    expect(isLikelyApplicable(card("int8-dynamic").step, dense)).toBe(true);
    const done = { operators: { Gemm: 1 }, initializers: [weight("w", [4, 4], "uint8")] };
    expect(isLikelyApplicable(card("float16").step, done)).toBe(false);
  });
});
