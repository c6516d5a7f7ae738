import { z } from "zod";
import type { CurveName } from "#engine/passes/training/tools.ts";
import type { FitCourse } from "#engine/train/fit.ts";

/** A curve gets about this many points, however many batches there are: more than a screen can show. */
const mostPoints = 1_000;

export interface CurvePoint {
  readonly curve: CurveName;
  readonly step: number;
  readonly value: number;
}

const point = z.tuple([z.int(), z.number()]);

/** All that is needed to go on drawing as if nothing had happened. */
export const curvesState = z.strictObject({
  sum: z.number(),
  count: z.int().min(0),
  told: z.partialRecord(
    z.enum(["loss", "learning rate", "tuning loss", "tuning accuracy", "zeros"]),
    z.array(point),
  ),
});
export type CurvesState = z.output<typeof curvesState>;

/**
 * Curves of one training, thinned out: the loss as the mean over spans of equally many batches, which stands at the
 * last of them; all others as they are at the first batch that is told in a span.
 */
export class Curves {
  #span = 1;
  #total = Number.POSITIVE_INFINITY;
  #sum = 0;
  #count = 0;
  #lastStep = 0;
  readonly #told = new Map<CurveName, [step: number, value: number][]>();
  #fresh: CurvePoint[] = [];

  begin({ epochs, batchesPerEpoch }: FitCourse): void {
    this.#total = epochs * batchesPerEpoch;
    this.#span = Math.max(1, Math.ceil(this.#total / mostPoints));
  }

  /** @param step batches done, from 1 */
  add(curve: CurveName, step: number, value: number): void {
    if (curve === "loss") this.#addLoss(step, value);
    else {
      const before = this.#told.get(curve)?.at(-1)?.[0];
      const isNew = before === undefined || this.#spanOf(step) > this.#spanOf(before);
      if (isNew || step >= this.#total) this.#tell(curve, step, value);
    }
  }

  #addLoss(step: number, value: number): void {
    this.#sum += value;
    this.#count++;
    this.#lastStep = step;
    if (step % this.#span === 0 || step >= this.#total) this.finish();
  }

  /** Tells the mean of a span that has just begun, where the training has ended within it. */
  finish(): void {
    if (this.#count > 0) this.#tell("loss", this.#lastStep, this.#sum / this.#count);
    this.#sum = 0;
    this.#count = 0;
  }

  #spanOf(step: number): number {
    return Math.floor(step / this.#span);
  }

  #tell(curve: CurveName, step: number, value: number): void {
    const own = this.#told.get(curve) ?? [];
    own.push([step, value]);
    this.#told.set(curve, own);
    this.#fresh.push({ curve, step, value });
  }

  /** Points that have not been taken yet. */
  take(): CurvePoint[] {
    const fresh = this.#fresh;
    this.#fresh = [];
    return fresh;
  }

  state(): CurvesState {
    return { sum: this.#sum, count: this.#count, told: Object.fromEntries(this.#told) };
  }

  /** Goes on from a state; all of its points are to be told again. */
  restore({ sum, count, told }: CurvesState): void {
    this.#sum = sum;
    this.#count = count;
    this.#told.clear();
    this.#fresh = [];
    for (const curve of curvesState.shape.told.keyType.options)
      for (const [step, value] of told[curve] ?? []) this.#tell(curve, step, value);
  }
}
