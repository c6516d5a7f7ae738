import { defaultSparsity } from "#engine/passes/prune.magnitude.schema.ts";
import type { Recipe } from "#engine/recipe.schema.ts";

type Step = Recipe["steps"][number];

/** Options as a step applies them: what is left open gets the value that it stands for. */
export function optionsOf(step: Step): Readonly<Record<string, unknown>> {
  const { use, ...options } = step;
  const open = use === "prune.magnitude" && step.sparsity === undefined && step.threshold === undefined;
  return open ? { ...options, sparsity: defaultSparsity } : options;
}

export interface OptionRow {
  readonly name: string;
  /** The value in each recipe; undefined where the recipe has no such step or leaves the option out. */
  readonly values: readonly unknown[];
  readonly differs: boolean;
}

export interface StepRow {
  readonly use: string;
  /** Which one of several steps of this kind, from 1. */
  readonly occurrence: number;
  /** Place of the step in each recipe, from 0; null where it has none. */
  readonly places: readonly (number | null)[];
  /** Some recipes have the step and others do not, or have it at another place. */
  readonly differs: boolean;
  readonly options: readonly OptionRow[];
}

const isSame = (values: readonly unknown[]) =>
  new Set(values.map((value) => JSON.stringify(value) ?? "")).size <= 1;

/** The n-th step of each kind in its place, keyed by kind and n. */
function keyed(steps: readonly Step[]): Map<string, { step: Step; place: number; occurrence: number }> {
  const seen = new Map<string, number>();
  return new Map(
    steps.map((step, place) => {
      const occurrence = (seen.get(step.use) ?? 0) + 1;
      seen.set(step.use, occurrence);
      return [`${step.use} ${occurrence}`, { step, place, occurrence }];
    }),
  );
}

/**
 * Recipes side by side: one row per step that any of them has, with its options. An empty recipe, the baseline's,
 * differs from all others by being empty; that is said once and marks no row.
 */
export function recipeRows(recipes: readonly Pick<Recipe, "steps">[]): StepRow[] {
  const columns = recipes.map((recipe) => keyed(recipe.steps));
  const keys = [...new Set(columns.flatMap((column) => [...column.keys()]))];
  const working = columns.map((column) => column.size > 0);
  return keys.flatMap((key) => {
    const cells = columns.map((column) => column.get(key));
    const present = cells.filter((cell) => cell !== undefined);
    const [sample] = present;
    if (!sample) return [];
    const places = cells.map((cell) => cell?.place ?? null);
    const options = cells.map((cell) => cell && optionsOf(cell.step));
    const names = [...new Set(options.flatMap((own) => Object.keys(own ?? {})))];
    return [
      {
        use: sample.step.use,
        occurrence: sample.occurrence,
        places,
        differs: !isSame(places.filter((_, index) => working[index])),
        options: names.map((name) => ({
          name,
          values: options.map((own) => own?.[name]),
          differs: !isSame(options.filter((own) => own !== undefined).map((own) => own[name])),
        })),
      },
    ];
  });
}
