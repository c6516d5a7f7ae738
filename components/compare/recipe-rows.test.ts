import { describe, expect, it } from "vitest";
import { type RecipeInput, recipeSchema } from "#engine/recipe.schema.ts";
import { optionsOf, recipeRows } from "./recipe-rows.ts";

const recipe = (...steps: RecipeInput["steps"]) => recipeSchema.parse({ name: "r", steps });
const prune = (sparsity?: number) => ({ use: "prune.magnitude", sparsity }) as const;
const float16 = { use: "cast.float16" } as const;

it("fills in the sparsity that is left open", () => {
  const open = recipe(prune()).steps[0];
  const threshold = recipe({ use: "prune.magnitude", threshold: 0.1 }).steps[0];
  expect(open && optionsOf(open)).toMatchObject({ sparsity: 0.5, scope: "global" });
  expect(threshold && optionsOf(threshold).sparsity).toBeUndefined();
});

describe("recipeRows", () => {
  it("marks the options that differ, and nothing because of an empty recipe", () => {
    const [row, ...rest] = recipeRows([recipe(), recipe(prune(0.5)), recipe(prune(0.9))]);
    expect(rest).toEqual([]);
    expect(row).toMatchObject({ use: "prune.magnitude", places: [null, 0, 0], differs: false });
    const sparsity = row?.options.find((option) => option.name === "sparsity");
    expect(sparsity).toEqual({ name: "sparsity", values: [undefined, 0.5, 0.9], differs: true });
    expect(row?.options.find((option) => option.name === "scope")?.differs).toBe(false);
  });
  it("takes an explicit default for the default", () => {
    const [row] = recipeRows([recipe(prune()), recipe(prune(0.5))]);
    expect(row?.options.some((option) => option.differs)).toBe(false);
  });
  it("marks steps that only some have, or at another place", () => {
    const some = recipeRows([recipe(prune()), recipe(prune(), float16)]);
    expect(some.map((row) => [row.use, row.differs])).toEqual([
      ["prune.magnitude", false],
      ["cast.float16", true],
    ]);
    const turned = recipeRows([recipe(float16, prune()), recipe(prune(), float16)]);
    expect(turned.map((row) => row.differs)).toEqual([true, true]);
  });
  it("keeps several steps of one kind apart", () => {
    const rows = recipeRows([recipe(prune(0.5), prune(0.9)), recipe(prune(0.5))]);
    expect(rows.map((row) => [row.occurrence, row.places, row.differs])).toEqual([
      [1, [0, 0], false],
      [2, [1, null], true],
    ]);
  });
});
