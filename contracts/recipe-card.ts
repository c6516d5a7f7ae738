import type { Inspection } from "#engine/inspect.schema.ts";
import { defaultSparsity } from "#engine/passes/prune.magnitude.schema.ts";
import type { Step, StepName, StepOf } from "#engine/passes/step.schema.ts";
import { type Recipe, recipeSchema } from "#engine/recipe.schema.ts";
import type { RecipePreset } from "./recipe.ts";
import { type Field, fieldsOf } from "./step-form.ts";
import { draftOfStep, isEqual, type StepDraft, withoutDefaults, withValue } from "./step-options.ts";

/** What a person chose on the card of a recipe that the engine names. */
export interface CardChoice {
  readonly name: string;
  /** The recipe's steps with what was changed on the card; perhaps wrong yet. */
  readonly steps: readonly StepDraft[];
  /** Values of the option that may have several, each of which becomes a run; empty: as the step has it. */
  readonly shares: readonly number[];
}

export function choiceOf(preset: RecipePreset): CardChoice {
  return { name: preset.recipe.name, steps: preset.recipe.steps.map(draftOfStep), shares: [] };
}

/** The option of a recipe of one step that is tried with several values at once. */
const sweptKey = "sparsity";

/** Its key and what holds while no value is given; undefined where the recipe has no such option. */
export function sweepOf(
  preset: RecipePreset,
): { readonly key: string; readonly fallback: number } | undefined {
  const [step, ...more] = preset.recipe.steps.map(draftOfStep);
  if (!step || more.length > 0) return undefined;
  const field = fieldsOf(step.use).find(({ key }) => key === sweptKey);
  if (field?.kind !== "number") return undefined;
  const given = step.options[sweptKey] ?? field.fallback;
  return { key: sweptKey, fallback: typeof given === "number" ? given : defaultSparsity };
}

export interface ChangedOption {
  readonly use: string;
  readonly key: string;
  readonly field: Field | undefined;
  /** What it is now; the default where it was set back to it. */
  readonly value: unknown;
}

/** Options that differ from the card's own, several values of one left out. */
export function changedOptions(preset: RecipePreset, choice: CardChoice): ChangedOption[] {
  return choice.steps.flatMap((step, index) => {
    const own = preset.recipe.steps[index];
    const [before, after] = [own ? draftOfStep(own).options : {}, withoutDefaults(step)];
    const fields = fieldsOf(step.use);
    return [...new Set([...Object.keys(before), ...Object.keys(after)])]
      .filter((key) => !isEqual(before[key], after[key]))
      .map((key) => {
        const field = fields.find((one) => one.key === key);
        return { use: step.use, key, field, value: after[key] ?? field?.fallback };
      });
  });
}

/** Runs that a choice stands for: one, or one per share. */
export function runCount(choice: CardChoice): number {
  return Math.max(1, choice.shares.length);
}

/**
 * What to launch: the recipe's own name where nothing was changed, so that it keeps being comparable by name. undefined
 * while an option does not fit.
 */
export function recipesOf(
  preset: RecipePreset,
  choice: CardChoice,
  seed: number,
): readonly (string | Recipe)[] | undefined {
  const words = changedOptions(preset, choice).map(wordOf);
  const sweep = sweepOf(preset);
  const make = (share: number | undefined): string | Recipe | undefined => {
    const parts = [choice.name, ...(share === undefined ? [] : [percent(share)]), ...words];
    const steps = choice.steps.map(({ use, options }) => ({
      use,
      ...(share !== undefined && sweep ? withValue(options, [sweep.key], share) : options),
    }));
    const recipe = recipeSchema.safeParse({ name: parts.join(" ").slice(0, 100), seed, steps }).data;
    return recipe && parts.length === 1 ? choice.name : recipe;
  };
  const made = choice.shares.length === 0 ? [make(undefined)] : choice.shares.map(make);
  const fitting = made.filter((one) => one !== undefined);
  return fitting.length === made.length ? fitting : undefined;
}

const percent = (share: number) => `${Number((share * 100).toFixed(2))}%`;

function wordOf({ key, field, value }: ChangedOption): string {
  const plain = key.replaceAll("_", "-");
  if (typeof value === "boolean") return value ? plain : `no-${plain}`;
  if (field?.kind === "choices" && Array.isArray(value)) return value.join("+");
  if (field?.kind === "choice") return String(value);
  if (Array.isArray(value)) return `${plain}:${value.length}`;
  if (typeof value === "object" && value !== null) return `${plain}:${Object.keys(value).length}`;
  return `${plain}:${String(value)}`;
}

type Seen = Pick<Inspection, "bytes" | "operators" | "initializers">;
type PerTechnique<Result> = { readonly [Name in StepName]?: (step: StepOf[Name], seen: Seen) => Result };

const sum = (list: Inspection["initializers"]) => list.reduce((bytes, weight) => bytes + weight.bytes, 0);
const floats = (seen: Seen) => seen.initializers.filter((weight) => weight.dtype === "float32");

const hasFloats = (_: unknown, seen: Seen) => floats(seen).length > 0;

/** What techniques need to find in a model; of those that are missing here nothing is foretold. */
const applicable: PerTechnique<boolean> = {
  "cast.float16": hasFloats,
  "quantize.dynamic": (step, seen) => step.op_types.some((type) => (seen.operators[type] ?? 0) > 0),
  "prune.magnitude": hasFloats,
  "cast.bfloat16": hasFloats,
};

/** float32 weights at two bytes, or tables and matrices at one. Zeros and shared values leave the raw file as it is. */
const expectations: PerTechnique<number> = {
  "cast.float16": (_, seen) => seen.bytes - sum(floats(seen)) / 2,
  "quantize.dynamic": (step, seen) => {
    // Vectors are biases and normalisation; tensors of four dimensions are the kernels of convolutions.
    const ranks = step.op_types.includes("Conv") ? [2, 3, 4] : [2, 3];
    return seen.bytes - 0.75 * sum(floats(seen).filter((weight) => ranks.includes(weight.shape.length)));
  },
  "prune.magnitude": (_, seen) => seen.bytes,
  "prune.normalized": (_, seen) => seen.bytes,
  "prune.nm": (_, seen) => seen.bytes,
  "prune.wanda": (_, seen) => seen.bytes,
  "cluster.kmeans": (_, seen) => seen.bytes,
};

function look<Name extends StepName, Result>(
  table: PerTechnique<Result>,
  step: StepOf[Name] & { use: Name },
  seen: Seen,
): Result | undefined {
  return table[step.use]?.(step, seen);
}

/** False where the technique will hardly find anything to do in the model. */
export function isLikelyApplicable(step: Step, seen: Seen): boolean {
  return look(applicable, step, seen) ?? true;
}

/**
 * Bytes that the file is expected to have after all steps; undefined where nothing is known of one, or where two of
 * them work on the same bytes. An expectation, never a result: shown with the tier "planned".
 */
export function expectedBytes(steps: readonly Step[], seen: Seen): number | undefined {
  const each = steps.map((step) => look(expectations, step, seen));
  const known = each.filter((bytes) => bytes !== undefined);
  const changing = known.filter((bytes) => bytes !== seen.bytes);
  if (known.length < each.length || changing.length > 1) return undefined;
  return changing[0] ?? seen.bytes;
}
