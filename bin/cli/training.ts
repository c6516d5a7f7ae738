import type { TrainingWatch } from "#engine/passes/training/tools.ts";
import type { EpochReport } from "#engine/train/fit.ts";

/** An epoch of a training as the JSON of `compress` has it. */
export interface EpochEntry {
  /** From 1. */
  readonly epoch: number;
  /** Mean loss of its batches. */
  readonly loss: number;
  /** On the tuning split, where there is one. */
  readonly tuning?: { readonly loss: number; readonly accuracy?: number };
}

/** The training under way. */
interface Course {
  readonly use: string;
  readonly epochs: number;
  readonly batchesPerEpoch: number;
  readonly started: number;
  /** Batches done, and the sum of the losses of those of this epoch. */
  steps: number;
  sum: number;
  last: EpochReport | undefined;
}

/** Looks on while steps train: what a terminal shows of it, and what a report keeps. */
export class TrainingNotes {
  readonly #histories = new Map<number, EpochEntry[]>();
  readonly #now: () => number;
  #course: Course | undefined;

  /** @param now a clock in milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** @param at place of the step in the recipe, from 0 */
  readonly forStep = (at: number, use: string): TrainingWatch => ({
    onBegin: ({ epochs, batchesPerEpoch, done }) => {
      this.#histories.set(at, []);
      const started = this.#now();
      this.#course = { use, epochs, batchesPerEpoch, started, steps: done, sum: 0, last: undefined };
    },
    onPoint: (curve, step, value) => {
      const course = this.#course;
      if (curve !== "loss" || course === undefined) return;
      if ((step - 1) % course.batchesPerEpoch === 0) course.sum = 0;
      course.sum += value;
      course.steps = step;
    },
    onEpoch: (epoch, report) => {
      if (this.#course) this.#course.last = report;
      this.#histories.get(at)?.push(entryOf(epoch, report));
    },
  });

  /** Of the step at that place; undefined where it did not train. */
  historyOf(at: number): readonly EpochEntry[] | undefined {
    return this.#histories.get(at);
  }

  /** What to show while `use` is at work, such as `train.finetune  epoch 3 of 10  loss 0.312  2 min left`. */
  stage(use: string): string {
    const course = this.#course;
    if (course?.use !== use || course.steps === 0) return use;
    const { epochs, batchesPerEpoch, steps, sum, last } = course;
    const inEpoch = ((steps - 1) % batchesPerEpoch) + 1;
    const accuracy = last?.tuning?.accuracy;
    return [
      use,
      `epoch ${Math.ceil(steps / batchesPerEpoch)} of ${epochs}`,
      `loss ${(sum / inEpoch).toPrecision(3)}`,
      last?.tuning &&
        (accuracy === undefined
          ? `tuning loss ${last.tuning.loss.toPrecision(3)}`
          : `tuning accuracy ${(100 * accuracy).toFixed(2)} %`),
      this.#left(course),
    ]
      .filter((part) => part !== undefined && part !== "")
      .join("  ");
  }

  #left({ started, steps, epochs, batchesPerEpoch }: Course): string {
    const elapsed = (this.#now() - started) / 1_000;
    if (elapsed < 1) return "";
    const seconds = (elapsed * (epochs * batchesPerEpoch - steps)) / steps;
    return `${timeText(seconds)} left`;
  }
}

function entryOf(epoch: number, { trainLoss: loss, tuning }: EpochReport): EpochEntry {
  if (tuning === undefined) return { epoch, loss };
  const { loss: tuningLoss, accuracy } = tuning;
  return { epoch, loss, tuning: { loss: tuningLoss, ...(accuracy !== undefined && { accuracy }) } };
}

function timeText(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  if (seconds < 3_600) return `${Math.ceil(seconds / 60)} min`;
  return `${(seconds / 3_600).toFixed(1)} h`;
}
