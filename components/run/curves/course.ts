import type { RunReport } from "#contracts/run.ts";
import type { Points } from "../live-state.ts";
import { type KeptEpoch, keptEpoch } from "./kept.ts";
import { smoothed } from "./smooth.ts";
import type { CurveName, Training } from "./trainings.ts";

/** All that is drawn of one training; steps are batches, from 1. */
export interface Course {
  readonly loss: Points;
  /** Of the loss, at the same steps. */
  readonly smooth: readonly number[];
  readonly rate: Points;
  readonly tuningLoss: Points;
  readonly tuningAccuracy: Points;
  /** Share of the weights that are zero, where the step prunes. */
  readonly zeros: Points;
  readonly lastStep: number;
  /** The last batch that is planned, as far as it is known. */
  readonly endStep: number;
  /** Undefined until the first epoch is over, and without a tuning split. */
  readonly batchesPerEpoch: number | undefined;
  readonly kept: KeptEpoch;
}

const none: Points = { steps: [], values: [] };

export function courseOf(
  { at, epochs }: Pick<Training, "at" | "epochs">,
  points: Readonly<Partial<Record<CurveName, Points>>>,
  report: RunReport | null,
): Course {
  const loss = points.loss ?? none;
  const tuningLoss = points["tuning loss"] ?? none;
  const tuningAccuracy = points["tuning accuracy"] ?? none;
  const zeros = points.zeros ?? none;
  const lastStep = Math.max(0, ...[loss, tuningLoss].map(({ steps }) => steps.at(-1) ?? 0));
  // A point for each epoch, at its last batch.
  const batchesPerEpoch = tuningLoss.steps[0];
  const isPlanKnown = report === null && batchesPerEpoch !== undefined && epochs !== undefined;
  return {
    loss,
    smooth: smoothed(loss.values),
    rate: points["learning rate"] ?? none,
    tuningLoss,
    tuningAccuracy,
    zeros,
    lastStep,
    endStep: isPlanKnown ? Math.max(lastStep, batchesPerEpoch * epochs) : lastStep,
    batchesPerEpoch,
    kept: keptEpoch(
      report?.steps[at],
      { loss: tuningLoss, accuracy: tuningAccuracy },
      zeros.values.length > 0,
    ),
  };
}

/** The value of a curve at a batch: that of the last point up to it. */
export function valueAt(
  { steps, values }: { readonly steps: readonly number[]; readonly values: readonly number[] },
  step: number,
): number | undefined {
  let [low, high] = [0, steps.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((steps[middle] ?? 0) <= step) low = middle + 1;
    else high = middle;
  }
  return values[low - 1];
}

export interface CourseRow {
  /** Undefined where epochs are not known. */
  readonly epoch: number | undefined;
  readonly step: number;
  readonly smooth: number | undefined;
  readonly rate: number | undefined;
  readonly tuningLoss: number | undefined;
  readonly tuningAccuracy: number | undefined;
  readonly zeros: number | undefined;
}

/** The values of all curves at one batch. */
export function rowAt(course: Course, step: number): CourseRow {
  const { batchesPerEpoch, loss } = course;
  const isEpochEnd = course.tuningLoss.steps.includes(step);
  const epoch =
    batchesPerEpoch === undefined
      ? undefined
      : isEpochEnd
        ? Math.round(step / batchesPerEpoch)
        : Math.ceil(step / batchesPerEpoch);
  return {
    epoch,
    step,
    smooth: valueAt({ steps: loss.steps, values: course.smooth }, step),
    rate: valueAt(course.rate, step),
    tuningLoss: valueAt(course.tuningLoss, step),
    tuningAccuracy: valueAt(course.tuningAccuracy, step),
    zeros: valueAt(course.zeros, step),
  };
}

/** Rows of a table where no epochs are known. */
const fewRows = 20;

/** The curves as a table: a row for each epoch, or else some evenly spaced ones. */
export function rowsOfCourse(course: Course): CourseRow[] {
  const { tuningLoss, loss } = course;
  const every = Math.max(1, Math.ceil(loss.steps.length / fewRows));
  const some = loss.steps.filter((_, at) => at % every === every - 1 || at === loss.steps.length - 1);
  const steps = tuningLoss.steps.length > 0 ? tuningLoss.steps : some;
  return steps.map((step) => rowAt(course, step));
}
