import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { recipeSchema } from "#engine/recipe.schema.ts";
import {
  check,
  contentOf,
  type Draft,
  draftOf,
  draftOfRecipe,
  duplicated,
  emptyDraft,
  moved,
  newStep,
  withOption,
  withoutStep,
  withSteps,
} from "./draft.ts";
import { fieldName, recipeFaults, ruleKeys } from "./fault.ts";

const three = withSteps({ ...emptyDraft, name: "three" }, [
  newStep("prune.magnitude"),
  newStep("cast.float16"),
  newStep("quantize.dynamic"),
]);
const uses = (draft: Draft) => draft.steps.map(({ use }) => use);
const ids = (draft: Draft) => draft.steps.map(({ id }) => id);

describe("steps of a draft", () => {
  it("have names of their own that stay with them", () => {
    expect(new Set(ids(three)).size).toBe(3);
    const [first = "", second = "", third = ""] = ids(three);
    expect(ids(moved(three, first, 2))).toEqual([second, third, first]);
    expect(ids(moved(three, third, -1))).toEqual([third, first, second]);
    expect(ids(moved(three, third, 9))).toEqual([first, second, third]);
    expect(ids(withoutStep(three, second))).toEqual([first, third]);
  });

  it("are doubled with their options, right behind", () => {
    const first = ids(three)[0] ?? "";
    const twice = duplicated(withOption(three, first, ["sparsity"], 0.9), first);
    expect(uses(twice)).toEqual(["prune.magnitude", "prune.magnitude", "cast.float16", "quantize.dynamic"]);
    expect(twice.steps[1]?.options).toEqual({ sparsity: 0.9 });
    expect(new Set(ids(twice)).size).toBe(4);
    // The copy is a step of its own.
    const changed = withOption(twice, ids(twice)[1] ?? "", ["sparsity"], 0.1);
    expect(changed.steps.map(({ options }) => options.sparsity)).toEqual([0.9, 0.1, undefined, undefined]);
  });

  it("are written without their defaults", () => {
    const draft = withOption(three, ids(three)[0] ?? "", ["scope"], "global");
    expect(contentOf(draft).steps).toEqual([
      { use: "prune.magnitude" },
      { use: "cast.float16" },
      { use: "quantize.dynamic" },
    ]);
    expect(contentOf({ ...draft, seed: 7 })).toMatchObject({ name: "three", seed: 7 });
    expect(contentOf(draft)).not.toHaveProperty("seed");
  });

  it("come back from a recipe", () => {
    const recipe = recipeSchema.parse({
      name: "r",
      seed: 3,
      steps: [{ use: "prune.magnitude", sparsity: 0.5, scope: "global" }, { use: "cast.float16" }],
    });
    const draft = draftOfRecipe(recipe);
    expect(draft.steps.map(({ options }) => options)).toEqual([{ sparsity: 0.5 }, {}]);
    expect(check(draft)).toEqual({ recipe, faults: [] });
  });
});

describe("draftOf", () => {
  it("takes what a form can show, however wrong its values are", () => {
    const draft = draftOf({
      name: "x",
      steps: [
        { use: "no.such", odd: [1] },
        { use: "prune.magnitude", sparsity: "much" },
      ],
    });
    expect(draft?.steps.map(({ use, options }) => [use, options])).toEqual([
      ["no.such", { odd: [1] }],
      ["prune.magnitude", { sparsity: "much" }],
    ]);
  });

  it.each([
    [null],
    [[]],
    ["text"],
    [{ steps: {} }],
    [{ steps: [1] }],
    [{ steps: [{ use: 1 }] }],
    [{ name: 4 }],
    [{ other: 1 }],
  ])("refuses %j", (content) => expect(draftOf(content)).toBeUndefined());

  it("keeps the names of steps that stay", () => {
    const content = { ...contentOf(three), steps: [{ use: "prune.magnitude" }, { use: "simplify" }] };
    const next = draftOf(content, three);
    expect(next && ids(next)[0]).toBe(ids(three)[0]);
    expect(ids(three)).not.toContain(next && ids(next)[1]);
  });
});

describe("what is wrong", () => {
  const words = (content: unknown) =>
    recipeFaults(content).map(({ path, words: said, message }) => [fieldName(path), said ?? message]);
  const step = (options: object) => ({ name: "x", steps: [{ use: "prune.magnitude", ...options }] });

  it.each([
    [step({ sparsity: 2 }), "steps[0].sparsity", { key: "big", max: 1 }],
    [step({ sparsity: -1 }), "steps[0].sparsity", { key: "small", min: 0 }],
    [step({ threshold: 0 }), "steps[0].threshold", { key: "notAbove", min: 0 }],
    [step({ sparsity: "much" }), "steps[0].sparsity", { key: "type", type: "number" }],
    [step({ scope: "both" }), "steps[0].scope", { key: "oneOf", values: "global, layer" }],
    [step({ protect: "w" }), "steps[0].protect", { key: "type", type: "list" }],
    [step({ protect: ["w", ""] }), "steps[0].protect[1]", { key: "required" }],
    [step({ sparsety: 0.5 }), "steps[0].sparsety", { key: "unknownOption", name: "sparsety" }],
    [step({ sparsity: 0.5, threshold: 1 }), "steps[0].threshold", { key: "sparsityOrThreshold" }],
    [{ name: "x", steps: [{ use: "prune" }] }, "steps[0].use", { key: "unknownTechnique", name: "prune" }],
    [{ name: "x", steps: [{}] }, "steps[0].use", { key: "required" }],
    [{ name: "x", seed: 0.5, steps: [] }, "seed", { key: "notInteger" }],
    [{ name: "", steps: [] }, "name", { key: "required" }],
    [{ steps: [] }, "name", { key: "required" }],
    [{ name: "x" }, "steps", { key: "required" }],
    [{ name: "x", steps: [], extra: 1 }, "extra", { key: "unknownOption", name: "extra" }],
  ])("%j", (content, field, said) => expect(words(content)).toContainEqual([field, said]));

  it("is said of the empty draft too, which the engine would take for the baseline", () => {
    const { recipe, faults } = check(emptyDraft);
    expect(recipe).toBeUndefined();
    expect(faults.map((fault) => fault.words?.key)).toEqual(["nameMissing", "noSteps"]);
    expect(check({ ...three, name: "n".repeat(81) }).faults).toMatchObject([{ words: { key: "long" } }]);
  });

  it("has a sentence for every rule that a step's schema states in words", () => {
    const folder = join(import.meta.dirname, "../../../engine/passes");
    const stated = globSync("*.schema.ts", { cwd: folder }).flatMap((file) => {
      const source = readFileSync(join(folder, file), "utf8");
      const rules =
        /message:\s*("(?:[^"\\]|\\.)*"|'[^']*')|\.refine\([^"']*?,\s*("(?:[^"\\]|\\.)*"|'[^']*'),?\s*\)/g;
      return [...source.matchAll(rules)].map((found) => (found[1] ?? found[2] ?? "").slice(1, -1));
    });
    expect(stated.length).toBeGreaterThan(0);
    expect(stated.filter((message) => !Object.hasOwn(ruleKeys, message))).toEqual([]);
  });
});
