import { isComparable } from "#contracts/change.ts";
import type { RunRow } from "#contracts/run.ts";

/** What earlier runs of the same model, data and measurement took. */
export interface Estimate {
  /** Sum over the runs that something is known of; null where nothing is. */
  readonly seconds: number | null;
  readonly kwh: number | null;
  /** Runs that nothing is known of. */
  readonly unknown: number;
}

const mean = (values: readonly number[]) =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;

/** Earlier runs of one recipe: the same technique takes about as long whatever its options are. */
function earlierOf(rows: readonly RunRow[], recipe: string | null): RunRow[] {
  return rows.filter((row) =>
    recipe === null
      ? row.isBaseline
      : !row.isBaseline && (row.recipeName === recipe || row.recipeName.startsWith(`${recipe} `)),
  );
}

/** Expected time and energy of the recipes (null stands for the baseline), from earlier runs only; never guessed. */
export function estimateOf(recipes: readonly (string | null)[], earlier: readonly RunRow[]): Estimate {
  const known = recipes.map((recipe) => {
    const rows = earlierOf(earlier, recipe).filter((row) => row.state === "succeeded");
    const values = (metric: string) => rows.flatMap((row) => row.values[metric]?.value ?? []);
    return { seconds: mean(values("experiment/wall")), kwh: mean(values("experiment/energy")) };
  });
  const sum = (list: readonly (number | null)[]) => {
    const found = list.filter((value) => value !== null);
    return found.length === 0 ? null : found.reduce((total, value) => total + value, 0);
  };
  return {
    seconds: sum(known.map((entry) => entry.seconds)),
    kwh: sum(known.map((entry) => entry.kwh)),
    unknown: known.filter((entry) => entry.seconds === null).length,
  };
}

/** A result of an earlier experiment on the same model and data. */
export interface KnownResult {
  readonly row: RunRow;
  /** How many times smaller the file became; null where it may not be compared. */
  readonly ratio: number | null;
}

/** The newest result of each recipe, the newest first. */
export function knownResults(earlier: readonly RunRow[]): KnownResult[] {
  const baseline = (row: RunRow) =>
    earlier.find((one) => one.isBaseline && one.experimentId === row.experimentId);
  const newest = new Map<string, RunRow>();
  const ended = earlier.filter((row) => !row.isBaseline && row.state === "succeeded" && row.endedAt !== null);
  for (const row of ended.toSorted((one, other) => Number(other.endedAt) - Number(one.endedAt))) {
    if (!newest.has(row.recipeName)) newest.set(row.recipeName, row);
  }
  return [...newest.values()].map((row) => {
    const [own, reference] = [row.values["size/file"], baseline(row)?.values["size/file"]];
    const isUsable =
      own !== undefined && reference !== undefined && own.value > 0 && isComparable(own, reference);
    return { row, ratio: isUsable ? reference.value / own.value : null };
  });
}
