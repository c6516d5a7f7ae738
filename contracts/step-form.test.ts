import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { stepNames, stepSchema } from "#engine/passes/step.schema.ts";
import { type Field, fieldsOf, fieldsOfSchema } from "./step-form.ts";
import {
  draftOfStep,
  isEqual,
  stepOf,
  valueAt,
  withDefaults,
  withoutDefaults,
  withValue,
} from "./step-options.ts";

/** Everything that a schema of a step may hold. */
const rich = z
  .strictObject({
    use: z.literal("rich"),
    bits: z.union([z.literal(2), z.literal(4)]).default(4),
    size: z.int().min(1).max(64).default(8),
    share: z.number().gt(0).lt(1).optional(),
    by: z.enum(["max", "std"]).default("std"),
    quiet: z.boolean().optional(),
    ops: z.array(z.enum(["MatMul", "Gemm"])).default(["Gemm"]),
    names: z.array(z.string()).default([]),
    levels: z.array(z.number()).optional(),
    layers: z.record(z.string().min(1), z.number().min(0).max(1)).optional(),
    axes: z.partialRecord(z.enum(["in", "out"]), z.int()).optional(),
    solver: z
      .strictObject({ rounds: z.int().min(1).default(3), tolerance: z.number().positive().optional() })
      .prefault({}),
    limit: z.union([z.number().positive(), z.literal("auto")]).default("auto"),
    kind: z.enum(["a", "b"]).nullable().default(null),
    title: z.string(),
    network: z
      .discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("wide"), width: z.int() }),
        z.strictObject({ kind: z.literal("deep"), sizes: z.tuple([z.int(), z.int()]) }),
      ])
      .optional(),
    pairs: z.array(z.strictObject({ one: z.string() })).default([]),
    odd: z.array(z.array(z.string())).optional(),
  })
  .refine(({ share, levels }) => share === undefined || levels === undefined);

const field = (key: string, fields: readonly Field[] = fieldsOfSchema(rich)): Field => {
  const found = fields.find((one) => one.key === key);
  if (!found) throw new Error(`no field ${key}`);
  return found;
};

describe("fieldsOfSchema", () => {
  it("names every option once, in the schema's order, without `use`", () => {
    const names = Object.keys(rich.shape).filter((key) => key !== "use");
    expect(fieldsOfSchema(rich).map(({ key }) => key)).toEqual(names);
  });

  it.each([
    ["bits", { kind: "choice", options: [2, 4], fallback: 4 }],
    ["size", { kind: "number", min: 1, max: 64, isInteger: true, isMinOpen: false, fallback: 8 }],
    ["share", { kind: "number", min: 0, max: 1, isMinOpen: true, isMaxOpen: true, fallback: undefined }],
    ["by", { kind: "choice", options: ["max", "std"] }],
    ["quiet", { kind: "flag", fallback: undefined, isRequired: false }],
    ["ops", { kind: "choices", options: ["MatMul", "Gemm"], fallback: ["Gemm"] }],
    ["names", { kind: "list", of: "text" }],
    ["levels", { kind: "numbers", names: [] }],
    ["layers", { kind: "record", keys: undefined, of: { kind: "number", min: 0, max: 1 } }],
    ["axes", { kind: "record", keys: ["in", "out"], of: { kind: "number", isInteger: true } }],
    ["limit", { kind: "either", ways: [{ kind: "number" }, { kind: "choice", options: ["auto"] }] }],
    ["kind", { kind: "choice", options: ["a", "b", null], fallback: null }],
    ["title", { kind: "text", isRequired: true }],
    [
      "network",
      {
        kind: "variant",
        by: "kind",
        variants: [
          { name: "wide", fields: [{ kind: "number", path: ["network", "width"] }] },
          { name: "deep", fields: [{ kind: "numbers", path: ["network", "sizes"] }] },
        ],
        isRequired: false,
      },
    ],
    ["pairs", { kind: "entries", fallback: [], fields: [{ kind: "text", path: ["pairs", "one"] }] }],
    ["odd", { kind: "other" }],
  ])("reads %s", (key, expected) => expect(field(key)).toMatchObject(expected));

  it("reads groups with the way to each option", () => {
    const group = field("solver");
    expect(group.kind).toBe("group");
    const inside = group.kind === "group" ? group.fields : [];
    expect(inside.map(({ path }) => path.join("."))).toEqual(["solver.rounds", "solver.tolerance"]);
    expect(field("rounds", inside)).toMatchObject({ kind: "number", min: 1, max: undefined, fallback: 3 });
  });
});

/** Values that a form could enter for a field. */
function entry(of: Field): fc.Arbitrary<unknown> {
  switch (of.kind) {
    case "flag":
      return fc.boolean();
    case "choice":
      return fc.constantFrom(...of.options);
    case "choices":
      return fc.uniqueArray(fc.constantFrom(...of.options), { minLength: 1 });
    case "number": {
      const [min, max] = [of.min ?? 1, of.max ?? (of.min ?? 1) + 100];
      if (of.isInteger) return fc.integer({ min, max });
      return fc.double({ min, max, noNaN: true, minExcluded: of.isMinOpen, maxExcluded: of.isMaxOpen });
    }
    case "list":
      return fc.uniqueArray(fc.string({ minLength: 1 }), { maxLength: 3 });
    case "numbers":
      return fc.array(fc.integer(), { maxLength: 3 });
    case "record": {
      const key = of.keys ? fc.constantFrom(...of.keys) : fc.stringMatching(/^[a-z]{1,6}$/);
      return fc.dictionary(key, entry(of.of), { maxKeys: 3 });
    }
    case "group":
      return entries(of.fields);
    case "either":
      return fc.oneof(...of.ways.map(entry));
    case "variant":
      return fc.oneof(
        ...of.variants.map(({ name, fields }) =>
          entries(fields).map((options) => ({ ...options, [of.by]: name })),
        ),
      );
    case "entries":
      return fc.array(entries(of.fields), { maxLength: 2 });
    case "text":
      return fc.string({ minLength: 1, maxLength: 8 });
    case "other":
      return fc.constant(of.fallback);
  }
}

function entries(fields: readonly Field[]): fc.Arbitrary<Record<string, unknown>> {
  const optional = Object.fromEntries(fields.map((one) => [one.key, entry(one)]));
  return fc.record(optional, { requiredKeys: fields.filter((one) => one.isRequired).map(({ key }) => key) });
}

describe.each(stepNames)("%s", (use) => {
  const fields = fieldsOf(use);

  it("has an input made for each of its options", () => {
    expect(fields.map(({ key }) => key)).not.toEqual([]);
    expect(fields.filter(({ kind }) => kind === "other").map(({ key }) => key)).toEqual([]);
  });

  it("is shown with the defaults of its schema", () => {
    const parsed: Record<string, unknown> | undefined = stepSchema.safeParse({ use }).data;
    if (!parsed) return expect(fields.some(({ isRequired }) => isRequired)).toBe(true);
    for (const { key, fallback } of fields) expect(parsed[key], key).toEqual(fallback);
  });

  it("means the same with and without what equals a default", () => {
    let checked = 0;
    fc.assert(
      fc.property(entries(fields), (options) => {
        const step = stepOf({ use, options });
        const short = withoutDefaults({ use, options });
        expect(stepOf({ use, options: short })).toEqual(step);
        if (!step) return;
        checked++;
        expect(stepOf(draftOfStep(step))).toEqual(step);
        for (const { key, fallback } of fields)
          if (fallback !== undefined && isEqual(step[key as never], fallback))
            expect(short).not.toHaveProperty(key);
      }),
      // Random options of a step with many rules may all be wrong: its defaults are always among them.
      { numRuns: 60, examples: [[{}]] },
    );
    expect(checked).toBeGreaterThan(0);
  });
});

describe("options", () => {
  it("are left out where they equal the default, inside groups too", () => {
    const use = "prune.magnitude";
    expect(withoutDefaults({ use, options: { scope: "global", sparsity: 0.5, protect: [] } })).toEqual({
      sparsity: 0.5,
    });
    expect(withoutDefaults({ use, options: { protect: ["a"], scope: "layer" } })).toEqual({
      scope: "layer",
      protect: ["a"],
    });
  });

  it("have every default where they are looked at without being checked", () => {
    const step = { use: "prune.magnitude", options: { sparsity: 7 } };
    expect(withDefaults(step)).toEqual({ use: "prune.magnitude", scope: "global", sparsity: 7, protect: [] });
    expect(withDefaults({ use: "no.such", options: {} })).toEqual({ use: "no.such" });
  });

  it("keep what nobody knows, so that the schema can complain of it", () => {
    expect(withoutDefaults({ use: "prune.magnitude", options: { odd: 1 } })).toEqual({ odd: 1 });
    expect(withoutDefaults({ use: "no.such", options: { odd: 1 } })).toEqual({ odd: 1 });
  });

  it("are set and taken away along a path", () => {
    const set = withValue({ a: 1 }, ["solver", "rounds"], 4);
    expect(set).toEqual({ a: 1, solver: { rounds: 4 } });
    expect(valueAt(set, ["solver", "rounds"])).toBe(4);
    expect(withValue(set, ["solver", "rounds"], undefined)).toEqual({ a: 1, solver: {} });
    expect(withValue(set, ["a"], undefined)).toEqual({ solver: { rounds: 4 } });
  });
});
