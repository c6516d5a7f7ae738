import type { Inspection } from "#engine/inspect.schema.ts";
import { dynamicOpTypes } from "#engine/passes/quantize.dynamic.schema.ts";
import { type Step, stepSchema } from "#engine/passes/step.schema.ts";
import { type Recipe, recipeSchema } from "#engine/recipe.schema.ts";

/** Options of steps that a form shows; their words stand in the messages under the same key. */
export type FieldKey =
  | "per_channel"
  | "reduce_range"
  | "weight_type"
  | "op_types"
  | "nodes_to_exclude"
  | "keep_io_types"
  | "op_block_list"
  | "node_block_list"
  | "sparsity"
  | "scope"
  | "protect";

/** An option of a step as a form shows it; `key` is the option's name in the step's schema. */
export type CardField =
  /** Shares between 0 and 1; each value becomes a run of its own. */
  | { readonly kind: "shares"; readonly key: FieldKey; readonly fallback: number }
  | { readonly kind: "flag"; readonly key: FieldKey }
  | { readonly kind: "choice"; readonly key: FieldKey; readonly options: readonly string[] }
  | { readonly kind: "choices"; readonly key: FieldKey; readonly options: readonly string[] }
  /** Names of nodes, weights or operators, one per line. */
  | { readonly kind: "names"; readonly key: FieldKey };

/** A recipe with a name of its own as the launch screen offers it; words stand in the messages under `name`. */
export interface RecipeCard {
  readonly name: "float16" | "int8-dynamic" | "prune-magnitude";
  /** The step with its defaults. */
  readonly step: Step;
  readonly fields: readonly CardField[];
}

export const recipeCards: readonly RecipeCard[] = [
  {
    name: "int8-dynamic",
    step: stepSchema.parse({ use: "quantize.dynamic" }),
    fields: [
      { kind: "flag", key: "per_channel" },
      { kind: "flag", key: "reduce_range" },
      { kind: "choice", key: "weight_type", options: ["int8", "uint8"] },
      { kind: "choices", key: "op_types", options: dynamicOpTypes },
      { kind: "names", key: "nodes_to_exclude" },
    ],
  },
  {
    name: "float16",
    step: stepSchema.parse({ use: "cast.float16" }),
    fields: [
      { kind: "flag", key: "keep_io_types" },
      { kind: "names", key: "op_block_list" },
      { kind: "names", key: "node_block_list" },
    ],
  },
  {
    name: "prune-magnitude",
    step: stepSchema.parse({ use: "prune.magnitude" }),
    fields: [
      { kind: "shares", key: "sparsity", fallback: 0.5 },
      { kind: "choice", key: "scope", options: ["global", "layer"] },
      { kind: "names", key: "protect" },
    ],
  },
];

/** What a person chose on a card. */
export interface CardChoice {
  readonly name: RecipeCard["name"];
  readonly step: Step;
  /** Values of the card's `shares` field; empty: its default. */
  readonly shares: readonly number[];
}

export function choiceOf(card: RecipeCard): CardChoice {
  return { name: card.name, step: card.step, shares: [] };
}

/** The option's value as the form shows it. */
export function fieldValue(step: Step, key: string): unknown {
  return Object.entries(step).find(([name]) => name === key)?.[1];
}

/** The step with one option set; undefined where its schema refuses the value. */
export function withField(step: Step, key: string, value: unknown): Step | undefined {
  return stepSchema.safeParse({ ...step, [key]: value }).data;
}

const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);

/** Options of a choice that differ from the card's defaults, shares left out. */
export function changedFields(choice: CardChoice): CardField[] {
  const card = recipeCards.find((one) => one.name === choice.name);
  if (!card) return [];
  return card.fields.filter(
    (field) =>
      field.kind !== "shares" &&
      !isSame(fieldValue(choice.step, field.key), fieldValue(card.step, field.key)),
  );
}

/** Runs that a choice stands for: one, or one per share. */
export function runCount(choice: CardChoice): number {
  return Math.max(1, choice.shares.length);
}

/** What to launch: the recipe's own name where nothing was changed, so that it keeps being comparable by name. */
export function recipesOf(choice: CardChoice, seed: number): (string | Recipe)[] {
  const words = changedFields(choice).map((field) => wordOf(field, fieldValue(choice.step, field.key)));
  const shareField = recipeCards
    .find((card) => card.name === choice.name)
    ?.fields.find((field) => field.kind === "shares");
  const make = (share: number | undefined): string | Recipe => {
    const parts = [choice.name, ...(share === undefined ? [] : [percent(share)]), ...words];
    if (parts.length === 1) return choice.name;
    const step =
      share !== undefined && shareField
        ? (withField(choice.step, shareField.key, share) ?? choice.step)
        : choice.step;
    return recipeSchema.parse({ name: parts.join(" ").slice(0, 100), seed, steps: [step] });
  };
  return choice.shares.length === 0 ? [make(undefined)] : choice.shares.map(make);
}

const percent = (share: number) => `${Number((share * 100).toFixed(2))}%`;

function wordOf(field: CardField, value: unknown): string {
  const plain = field.key.replaceAll("_", "-");
  if (field.kind === "flag") return value === true ? plain : `no-${plain}`;
  if (Array.isArray(value)) return field.kind === "names" ? `${plain}:${value.length}` : value.join("+");
  return String(value);
}

/** Operators that each technique can do something for; undefined: any that have weights. */
export function isLikelyApplicable(
  step: Step,
  inspection: Pick<Inspection, "operators" | "initializers">,
): boolean {
  if (step.use === "quantize.dynamic")
    return step.op_types.some((type) => (inspection.operators[type] ?? 0) > 0);
  return inspection.initializers.some((weight) => weight.dtype === "float32");
}

/**
 * Bytes that the file is expected to have: float32 weights at two bytes, or tables and matrices at one. Pruning
 * leaves the raw file as it is. An expectation, never a result: shown with the tier "planned". Undefined where it
 * depends on the model's values or its graph.
 */
export function expectedBytes(
  step: Step,
  inspection: Pick<Inspection, "bytes" | "initializers">,
): number | undefined {
  const floats = inspection.initializers.filter((weight) => weight.dtype === "float32");
  const sum = (list: typeof floats) => list.reduce((bytes, weight) => bytes + weight.bytes, 0);
  switch (step.use) {
    case "cast.float16":
      return inspection.bytes - sum(floats) / 2;
    case "quantize.dynamic": {
      // Vectors are biases and normalisation; tensors of four dimensions are the kernels of convolutions.
      const withConvolutions = step.op_types.includes("Conv");
      const ranks = withConvolutions ? [2, 3, 4] : [2, 3];
      return inspection.bytes - 0.75 * sum(floats.filter((weight) => ranks.includes(weight.shape.length)));
    }
    case "prune.magnitude":
      return inspection.bytes;
    default:
      return undefined;
  }
}
