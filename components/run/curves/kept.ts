import type { RunReport } from "#contracts/run.ts";
import type { Remark, Said } from "#engine/remarks/remark.schema.ts";
import type { Points } from "../live-state.ts";

/** The epoch whose weights the model has, or would have if the training ended now. */
export interface Kept {
  /** From 1. */
  readonly epoch: number;
  /** True where the step has ended and says so; false: the best one so far. */
  readonly isFinal: boolean;
}

/** `none`: no epoch was better than the weights as they were. */
export type KeptEpoch = Kept | "none" | undefined;

const remarkIn = (said: readonly Said[], key: string): Remark | undefined =>
  said.find((one): one is Remark => typeof one !== "string" && one.key === key);

/** What the report of a step says of its training. */
function reported(step: RunReport["steps"][number]): KeptEpoch {
  const changed = step.changed.map(({ what }) => what);
  const skipped = step.skipped.map(({ reason }) => reason);
  const epoch = remarkIn(changed, "training.trained")?.params.epoch;
  if (typeof epoch === "number") return { epoch, isFinal: true };
  return remarkIn(skipped, "training.noBetter") ? "none" : undefined;
}

/** Place of the best epoch, from 0: the most items right, and of as many the smallest loss. */
function bestOf(loss: readonly number[], accuracy: readonly number[]): number {
  const isBetter = (one: number, other: number) => {
    const [mine = 0, theirs = 0] = [accuracy[one], accuracy[other]];
    return mine === theirs ? (loss[one] ?? 0) < (loss[other] ?? 0) : mine > theirs;
  };
  return loss.reduce((best, _, at) => (isBetter(at, best) ? at : best), 0);
}

/**
 * Which epoch is kept.
 *
 * @param step its report; undefined while it trains
 * @param tuning a point for each epoch that is over
 * @param isSettling true where weights still become zero, so that no epoch can be chosen yet
 */
export function keptEpoch(
  step: RunReport["steps"][number] | undefined,
  tuning: { readonly loss: Points; readonly accuracy: Points },
  isSettling: boolean,
): KeptEpoch {
  if (step) return reported(step);
  if (isSettling || tuning.loss.values.length === 0) return undefined;
  return { epoch: bestOf(tuning.loss.values, tuning.accuracy.values) + 1, isFinal: false };
}
