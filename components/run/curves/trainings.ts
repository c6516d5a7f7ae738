import type { RunDetail } from "#contracts/run.ts";
import { parseTrainingSeries } from "#contracts/training-series.ts";
import { needOf } from "#engine/passes/needs.ts";

export const curveNames = ["loss", "learning rate", "tuning loss", "tuning accuracy", "zeros"] as const;
export type CurveName = (typeof curveNames)[number];

/** A step of the recipe that trains. */
export interface Training {
  /** Place in the recipe, from 0. */
  readonly at: number;
  readonly use: string;
  /** Passes over the train split that are planned at most; undefined where the step does not say. */
  readonly epochs: number | undefined;
  /** Names of the run's series, by curve. */
  readonly series: Readonly<Partial<Record<CurveName, string>>>;
}

const isCurve = (name: string): name is CurveName => curveNames.some((known) => known === name);

/** The steps of a run that train, in order, each with the series that its curves are kept in. */
export function trainingsOf({ recipe, series }: Pick<RunDetail, "recipe" | "series">): Training[] {
  const parsed = series.flatMap(({ name }) => {
    const of = parseTrainingSeries(name);
    return of && isCurve(of.curve) ? [{ name, use: of.use, step: of.step, curve: of.curve }] : [];
  });
  return recipe.steps.flatMap((step, at): Training[] => {
    if (needOf(step) !== "training data") return [];
    const own = parsed.filter(
      (one) => one.use === step.use && (one.step === undefined || one.step === at + 1),
    );
    const epochs = "epochs" in step ? step.epochs : undefined;
    return [
      { at, use: step.use, epochs, series: Object.fromEntries(own.map(({ curve, name }) => [curve, name])) },
    ];
  });
}
