import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRecipe } from "#engine/recipes.ts";
import { check, type Draft, draftOfRecipe, emptyDraft, withSteps } from "./draft.ts";
import { readText, textOf } from "./text.ts";

const name = fc
  .string({ minLength: 1, maxLength: 40, unit: "grapheme" })
  .filter((text) => text.trim() !== "");
const names = fc.array(fc.string({ minLength: 1, maxLength: 20 }), { maxLength: 4 });
const step = fc.oneof(
  fc.record({
    use: fc.constant("prune.magnitude"),
    options: fc.record(
      { sparsity: fc.double({ min: 0, max: 1, noNaN: true }), protect: names },
      { requiredKeys: [] },
    ),
  }),
  fc.record({
    use: fc.constant("cast.float16"),
    options: fc.record({ keep_io_types: fc.boolean(), node_block_list: names }, { requiredKeys: [] }),
  }),
  fc.record({
    use: fc.constant("quantize.dynamic"),
    options: fc.record(
      { per_channel: fc.boolean(), weight_type: fc.constantFrom("int8", "uint8") },
      { requiredKeys: [] },
    ),
  }),
);
const draft: fc.Arbitrary<Draft> = fc
  .record({ name, seed: fc.nat(0xffff), steps: fc.array(step, { minLength: 1, maxLength: 5 }) })
  .map(({ steps, ...rest }) => withSteps({ ...rest, steps: [] }, steps));

describe("a recipe as text", () => {
  it("means the same to the form and to the engine, there and back", () => {
    fc.assert(
      fc.property(draft, (given) => {
        const text = textOf(given);
        const { recipe } = check(given);
        expect(recipe).toBeDefined();
        expect(parseRecipe(text)).toEqual(recipe);
        const read = readText(text, given);
        expect(read.faults).toEqual([]);
        expect(read.draft && check(read.draft).recipe).toEqual(recipe);
        expect(read.draft && textOf(read.draft)).toBe(text);
        expect(textOf(draftOfRecipe(parseRecipe(text))).trim()).toBe(
          textOf({ ...given, name: given.name.trim() }).trim(),
        );
      }),
    );
  });

  it("leaves out what equals a default", () => {
    const steps = [{ use: "prune.magnitude", options: { sparsity: 0.9, scope: "global", protect: [] } }];
    expect(textOf(withSteps({ ...emptyDraft, name: "most" }, steps))).toBe(
      "name: most\nsteps:\n  - use: prune.magnitude\n    sparsity: 0.9\n",
    );
  });

  it("may be JSON", () => {
    const { draft: read, faults } = readText('{"name": "j", "steps": [{"use": "cast.float16"}]}');
    expect(faults).toEqual([]);
    expect(read?.steps).toHaveLength(1);
  });
});

describe("what is wrong with a text", () => {
  const faults = (text: string) => readText(text).faults.map(({ line, field }) => [line, field]);
  it.each([
    ["name: x\nsteps:\n  - use: prune.magnitude\n    sparsity: 3\n", [[4, "steps[0].sparsity"]]],
    ["name: x\nsteps:\n  - use: cast.float16\n  - use: prune.magnitud\n", [[4, "steps[1].use"]]],
    ["name: x\nsteps:\n  - {use: cast.float16, odd: 1}\n", [[3, "steps[0].odd"]]],
    ["steps:\n  - use: cast.float16\n", [[1, "name"]]],
    ["name: x\nsteps:\n  - keep_io_types: true\n", [[3, "steps[0].use"]]],
    ["name: x\nextra: 1\nsteps: []\n", [[2, "extra"]]],
    ["- 1\n", [[1, ""]]],
    [
      "name: x\nsteps:\n  - use: prune.magnitude\n    odd: 1\n    sparsity: 3\n    scope: all\n",
      [
        [4, "steps[0].odd"],
        [5, "steps[0].sparsity"],
        [6, "steps[0].scope"],
      ],
    ],
  ])("%j is at the line and the field", (text, expected) => {
    expect(faults(text)).toEqual(expected);
    expect(() => parseRecipe(text)).toThrow();
  });

  it.each([
    ["name: [", "unclosed"],
    ["name: x\nsteps:\n  - use: p\n   n: 1\n", "unclosed"],
    ["name: x\n  steps: 1\n bad", "colon"],
    ["name:x\nsteps: []", "colon"],
    ["a: 1\na: 2\n", "twice"],
    ["\t- x", "tab"],
    ["a: *b", "references"],
    ["a: @b", "quote"],
    ['a: "\\q"', "escape"],
    ["a: 1\n---\nb: 1", "documents"],
    ["- a\nb: 1", "unexpected"],
  ])("%j is not YAML, for the engine neither, and is said in words: %s", (text, syntax) => {
    const read = readText(text);
    expect(read.draft).toBeUndefined();
    expect(read.faults).toMatchObject([{ words: { key: "syntax", syntax } }]);
    expect(() => parseRecipe(text)).toThrow();
  });

  it("is said of what never ends, before it costs anything", () => {
    const bomb = `a: &a [x, x]\n${"bcdefghij"
      .split("")
      .map((key, index) => `${key}: &${key} [${`*${"abcdefghi"[index]}, `.repeat(9)}]`)
      .join("\n")}`;
    for (const text of [bomb, "x".repeat(1_000_001)]) {
      expect(readText(text)).toMatchObject({ draft: undefined, faults: [{ field: "" }] });
      expect(() => parseRecipe(text)).toThrow();
    }
  });

  it("does not keep the form from showing the rest", () => {
    const text = "name: x\nsteps:\n  - use: prune.magnitude\n    sparsity: 3\n  - use: cast.float16\n";
    expect(readText(text).draft?.steps.map(({ use }) => use)).toEqual(["prune.magnitude", "cast.float16"]);
  });
});
