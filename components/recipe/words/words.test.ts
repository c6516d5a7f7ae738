import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Field, fieldsOf } from "#contracts/step-form.ts";
import { orderWarnings } from "#engine/passes/order-check.ts";
import { stepNames } from "#engine/passes/step.schema.ts";
import { namedRecipes } from "#engine/recipes.ts";
import { type Messages, messagesOf } from "#i18n/messages.ts";
import { kindOf, optionKey, readable, techniqueKey } from "./readable.ts";
import { wordsFrom } from "./technique-words.ts";

const fieldsInside = (field: Field): readonly Field[] =>
  field.kind === "group" || field.kind === "entries"
    ? field.fields
    : field.kind === "variant"
      ? field.variants.flatMap(({ fields }) => fields)
      : [];

/** Options that people read a label of: those of groups too, and of the values in records not. */
const paths = (fields: readonly Field[]): (readonly string[])[] =>
  fields.flatMap((field) => [field.path, ...paths(fieldsInside(field))]);

/** Techniques and options of techniques that a language has no words for. */
function missing(messages: Messages["technique"], uses: readonly string[]): string[] {
  const all: Readonly<Record<string, { options: Readonly<Record<string, object>> }>> = messages;
  return uses.flatMap((use) => {
    const own = all[techniqueKey(use)];
    if (!own) return [use];
    return paths(fieldsOf(use))
      .filter((path) => !own.options[optionKey(path)])
      .map((path) => `${use} ${optionKey(path)}`);
  });
}

describe.each(["en", "zh"] as const)("words of techniques: %s", (locale) => {
  const { technique, recipe } = messagesOf(locale);

  it("are there for every technique and every option of the engine", () => {
    expect(missing(technique, stepNames)).toEqual([]);
  });

  it("would be missed", () => {
    expect(missing(technique, ["prune.by.dice"])).toEqual(["prune.by.dice"]);
    const { options: _, ...bare } = technique["prune-magnitude"];
    const without = {
      ...technique,
      "prune-magnitude": { ...bare, options: {} },
    } as unknown as typeof technique;
    expect(missing(without, ["prune.magnitude"])).toContain("prune.magnitude sparsity");
  });

  it("are there for every recipe that the engine names", () => {
    const names = namedRecipes.map((named) => named.recipe.name);
    expect(names.filter((name) => !Object.hasOwn(recipe.preset, name))).toEqual([]);
  });

  it("know the options of the engine", () => {
    const words = wordsFrom(technique);
    expect(words.option("prune.magnitude", ["sparsity"]).help).not.toBe("");
    expect(words.name("cast.float16")).not.toBe("cast.float16");
  });
});

it("finds nothing to say against the order of the recipes that the engine names", () => {
  expect(namedRecipes.flatMap(({ recipe }) => orderWarnings(recipe.steps))).toEqual([]);
});

it("stands in the guide, with links that lead somewhere", () => {
  const folder = join(import.meta.dirname, "../../../docs/guide");
  const guide = readFileSync(join(folder, "recipes.md"), "utf8");
  expect(stepNames.filter((use) => !guide.includes(`\`${use}\``))).toEqual([]);
  const links = [...guide.matchAll(/\]\(([^)#]+)/g)].map((found) => found[1] ?? "");
  expect(links.filter((link) => !existsSync(join(folder, link)))).toEqual([]);
});

it("makes plain words of what nobody described", () => {
  const words = wordsFrom(messagesOf("en").technique);
  expect(words.option("prune.by.dice", ["solver", "max_rounds"])).toEqual({ label: "Max rounds", help: "" });
  expect(words.name("prune.by.dice")).toBe("Prune by dice");
  expect(words.text("prune.by.dice")).toBe("");
  expect(readable("keep_io_types")).toBe("Keep io types");
});

it("lists techniques by what they do", () => {
  expect(stepNames.map(kindOf)).not.toContain("other");
  expect(["quantize.static", "simplify", "factorize.svd", "cluster.kmeans", "weave.new"].map(kindOf)).toEqual(
    ["quantize", "graph", "factorize", "cluster", "other"],
  );
});
