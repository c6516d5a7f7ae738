import { type Change, changeOf, isComparable } from "./change.ts";
import { betterOf, hasOwnBudget } from "./metric.ts";
import { hasEnded, type RunRow, type RunState, type RunValue } from "./run.ts";

/** What of a run decides a verdict. */
export type VerdictRun = Pick<
  RunRow,
  "id" | "number" | "recipeName" | "isBaseline" | "state" | "problem" | "values"
>;

/** What may be lost: for fractions (0.01 = 1 point) and plain numbers an amount of their own, else a share of the baseline. */
export interface VerdictQuestion {
  readonly quality: string | null;
  readonly size: string;
  readonly speed: string;
  readonly budget: number;
}

/** The variant that wins in one respect. */
export interface Choice {
  readonly run: VerdictRun;
  /** Of the cost that it wins in. */
  readonly cost: Change | null;
  /** Baseline's cost divided by its own; null where the two may not be compared. */
  readonly ratio: number | null;
  readonly quality: Change;
  /** False where the interval leaves a greater loss than the budget possible. */
  readonly surelyWithin: boolean;
}

export type VerdictNote =
  | { readonly kind: "zerosAlone"; readonly runs: readonly VerdictRun[] }
  | { readonly kind: "notApplicable"; readonly run: VerdictRun }
  | { readonly kind: "failed"; readonly runs: readonly VerdictRun[] }
  | { readonly kind: "notComparable"; readonly runs: readonly VerdictRun[] };

export interface Verdict {
  /**
   * `found`: some variant stays within the budget. `none`: variants ended, none does. `waiting`: nothing ended yet.
   * `nothing`: there is only the baseline, or nothing that could be compared.
   */
  readonly kind: "found" | "none" | "waiting" | "nothing";
  /** Smaller than the baseline and within the budget. */
  readonly smallest: Choice | null;
  /** Faster than the baseline beyond doubt and within the budget. */
  readonly fastest: Choice | null;
  /** Where none is within: the variant that loses least. */
  readonly closest: Choice | null;
  readonly within: number;
  readonly compared: number;
  /** For `nothing`: what a comparison lacks. */
  readonly lacks: "variants" | "baseline" | "results" | null;
  readonly notes: readonly VerdictNote[];
}

/** Loss of quality, positive where the variant is worse, in the budget's unit. */
export function lossOf(id: string, change: Change, baseline: RunValue | undefined): number {
  const sign = betterOf(id) === "lower" ? 1 : -1;
  return scaled(id, change.value * sign, baseline);
}

function scaled(id: string, amount: number, baseline: RunValue | undefined): number {
  if (hasOwnBudget(id)) return amount;
  return baseline && baseline.value !== 0 ? amount / Math.abs(baseline.value) : Number.NaN;
}

/** The greatest loss that the interval leaves possible; NaN without one. */
function worstLoss(id: string, change: Change, baseline: RunValue | undefined): number {
  if (change.finding === "same") return 0;
  const far = betterOf(id) === "lower" ? change.high : change.low;
  if (far === null) return Number.NaN;
  return scaled(id, betterOf(id) === "lower" ? far : -far, baseline);
}

/** What the runs of an experiment say together. Words are the interface's. */
export function verdictOf(runs: readonly VerdictRun[], question: VerdictQuestion): Verdict {
  const baseline = runs.find((run) => run.isBaseline);
  const variants = runs.filter((run) => !run.isBaseline);
  const notes = notesOf(variants, baseline, question);
  const empty = { smallest: null, fastest: null, closest: null, within: 0, compared: 0, lacks: null, notes };
  const isWaiting = runs.some((run) => !hasEnded(run.state));
  const nothing: Verdict = isWaiting
    ? { ...empty, kind: "waiting" }
    : { ...empty, kind: "nothing", lacks: lackOf(variants, baseline) };
  if (variants.length === 0 || question.quality === null) return nothing;
  const id = question.quality;
  const measured = variants.flatMap((run) => {
    const change = qualityChange(run, baseline, id);
    return change ? [{ run, change, loss: lossOf(id, change, baseline?.values[id]) }] : [];
  });
  if (measured.length === 0) return nothing;
  const pick = (entry: (typeof measured)[number], cost: string): Choice => ({
    run: entry.run,
    cost: costChange(entry.run, baseline, cost),
    ratio: ratioOf(entry.run, baseline, cost),
    quality: entry.change,
    surelyWithin: worstLoss(id, entry.change, baseline?.values[id]) <= question.budget,
  });
  const within = measured.filter((entry) => entry.loss <= question.budget + 1e-12);
  const best = (cost: string) =>
    within
      .map((entry) => pick(entry, cost))
      .filter((one) => one.ratio !== null && one.ratio > 1 && isReal(one.cost))
      .toSorted(
        (one, other) => (other.ratio ?? 0) - (one.ratio ?? 0) || one.run.number - other.run.number,
      )[0] ?? null;
  const nearest = measured.toSorted((one, other) => one.loss - other.loss)[0];
  return {
    kind: within.length > 0 ? "found" : "none",
    smallest: best(question.size),
    fastest: best(question.speed),
    closest: within.length === 0 && nearest ? pick(nearest, question.size) : null,
    within: within.length,
    compared: measured.length,
    lacks: null,
    notes,
  };
}

function lackOf(variants: readonly VerdictRun[], baseline: VerdictRun | undefined): Verdict["lacks"] {
  if (baseline?.state !== "succeeded") return "baseline";
  return variants.length === 0 ? "variants" : "results";
}

/** A gain that was not compared, or that its interval calls into question, is none. */
const isReal = (change: Change | null) => change?.finding === "better";

function qualityChange(run: VerdictRun, baseline: VerdictRun | undefined, id: string): Change | null {
  const value = run.values[id];
  if (run.state !== "succeeded" || !value) return null;
  const reference = baseline?.values[id];
  if (reference && !isComparable(value, reference)) return null;
  return changeOf(id, value);
}

function costChange(run: VerdictRun, baseline: VerdictRun | undefined, id: string): Change | null {
  const value = run.values[id];
  return value ? changeOf(id, value, baseline?.values[id]) : null;
}

function ratioOf(run: VerdictRun, baseline: VerdictRun | undefined, id: string): number | null {
  const [own, reference] = [run.values[id], baseline?.values[id]];
  if (!own || !reference || own.value <= 0 || !isComparable(own, reference)) return null;
  return reference.value / own.value;
}

/** More zeros by this share, and a file that shrank by less: zeros alone. */
const moreZeros = 0.05;
const sameSize = 0.02;

function notesOf(
  variants: readonly VerdictRun[],
  baseline: VerdictRun | undefined,
  question: VerdictQuestion,
): VerdictNote[] {
  const inState = (state: RunState) => variants.filter((run) => run.state === state);
  const zeros = inState("succeeded").filter((run) => isZerosAlone(run, baseline));
  const apart = inState("succeeded").filter((run) => {
    const [own, reference] = [run.values[question.speed], baseline?.values[question.speed]];
    return own !== undefined && reference !== undefined && !isComparable(own, reference);
  });
  const failed = inState("failed");
  return [
    ...(zeros.length > 0 ? [{ kind: "zerosAlone" as const, runs: zeros }] : []),
    ...inState("not_applicable").map((run) => ({ kind: "notApplicable" as const, run })),
    ...(apart.length > 0 ? [{ kind: "notComparable" as const, runs: apart }] : []),
    ...(failed.length > 0 ? [{ kind: "failed" as const, runs: failed }] : []),
  ];
}

/** Weights became zero, yet the raw file is as large as before. */
export function isZerosAlone(run: VerdictRun, baseline: VerdictRun | undefined): boolean {
  const value = (of: VerdictRun | undefined, id: string) => of?.values[id]?.value;
  const [zeros, before] = [value(run, "size/sparsity"), value(baseline, "size/sparsity")];
  const [bytes, whole] = [value(run, "size/file"), value(baseline, "size/file")];
  if (zeros === undefined || before === undefined || bytes === undefined || !whole) return false;
  return zeros - before > moreZeros && bytes / whole > 1 - sameSize;
}
