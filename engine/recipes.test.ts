import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { EngineError } from "./error.ts";
import { recipeNames, recipeSchema } from "./recipe.schema.ts";
import { findRecipe, namedRecipes, parseRecipe } from "./recipes.ts";

function fault(text: string): string {
  try {
    parseRecipe(text);
  } catch (error) {
    if (error instanceof EngineError) return error.message;
    throw error;
  }
  return "no error";
}

describe("named recipes", () => {
  it("have the defaults that the documentation states", () => {
    expect(findRecipe("float16")?.recipe.steps).toEqual([
      { use: "cast.float16", keep_io_types: true, op_block_list: [], node_block_list: [] },
    ]);
    expect(findRecipe("int8-dynamic")?.recipe.steps).toEqual([
      {
        use: "quantize.dynamic",
        op_types: ["MatMul", "Gemm", "Gather", "LSTM"],
        per_channel: false,
        reduce_range: false,
        weight_type: "int8",
        nodes_to_include: [],
        nodes_to_exclude: [],
      },
    ]);
    expect(findRecipe("prune-magnitude")?.recipe.steps).toEqual([
      { use: "prune.magnitude", scope: "global", protect: [] },
    ]);
    expect(findRecipe("nothing")).toBeUndefined();
  });

  it("are the ones that the schema names", () => {
    expect(namedRecipes.map(({ recipe }) => recipe.name)).toEqual([...recipeNames]);
  });

  it.each(namedRecipes)("$recipe.name survives YAML and JSON", ({ recipe }) => {
    expect(parseRecipe(stringify(recipe))).toEqual(recipe);
    expect(parseRecipe(JSON.stringify(recipe))).toEqual(recipe);
    expect(recipeSchema.parse(recipe)).toEqual(recipe);
  });
});

describe("recipe files", () => {
  it("fill in defaults", () => {
    const recipe = parseRecipe("name: mine\nsteps:\n  - {use: prune.magnitude, sparsity: 0.8}\n");
    expect(recipe).toEqual({
      name: "mine",
      seed: 0,
      steps: [{ use: "prune.magnitude", scope: "global", sparsity: 0.8, protect: [] }],
    });
  });

  it.each([
    ["name: a\nsteps: [{use: prune.magnitude, sparsity: 1.5}]", "steps[0].sparsity"],
    ["name: a\nsteps: [{use: prune.magnitude, sparsity: high}]", "steps[0].sparsity"],
    ["name: a\nsteps: [{use: prune.magnitude}, {use: prune.magic}]", "steps[1].use"],
    ["name: a\nsteps: [{use: prune.magnitude, threshold: 1, sparsity: 0.5}]", "steps[0].threshold"],
    ["name: a\nsteps: [{use: prune.magnitude, sparsty: 0.5}]", "sparsty"],
    ["name: a\nsteps: [{use: quantize.dynamic, op_types: [Softmax]}]", "steps[0].op_types[0]"],
    ["steps: []", "name"],
    ["name: a\nsteps: {}", "steps"],
    ["name: a\nseed: -1\nsteps: []", "seed"],
    ["just text", "recipe"],
    ["", "recipe"],
    ["name: [unclosed", "line 1"],
    ["name: a\nname: b\nsteps: []", "line 2"],
  ])("%j is refused, naming %s", (text, field) => {
    expect(fault(text)).toContain(field);
  });

  it("bounds what a file may cost", () => {
    expect(fault(" ".repeat(1_000_001))).toContain("at most");
    const bomb = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"];
    for (let level = 1; level < 10; level++)
      bomb.push(`a${level}: &a${level} [${`*a${level - 1}, `.repeat(9)}]`);
    expect(fault(bomb.join("\n"))).toContain("anchors");
  });
});
