import type { FurtherLoss } from "#engine/train/losses/further.ts";
import { softenedBinaryDivergence, softenedDivergence } from "#engine/train/losses/imitation.ts";
import type { LossOptions } from "#engine/train/losses/loss.schema.ts";
import { meanSquaredError } from "#engine/train/losses/regression.ts";
import type { Beside } from "../training/retrain.ts";
import type { Lessons } from "./lessons.ts";

interface Shares {
  /** Of the teacher's predictions; the labels have the rest. */
  readonly alpha: number;
  readonly temperature: number;
}

/** Whether the loss is about classes, whose scores a temperature softens. */
export function hasClasses({ kind }: LossOptions): boolean {
  return kind === "cross-entropy" || kind === "binary-cross-entropy";
}

/**
 * The loss of distillation: (1 − α) · loss of the labels + α · T² KL(teacher ‖ student) (Hinton, Vinyals and Dean 2015),
 * plus what inner values add. Where predictions are numbers, the squared distance to the teacher's takes the place of KL.
 * What has no share is not computed: with α = 0 and no inner values nothing stands beside the labels.
 *
 * @param hidden losses of inner values; the lessons have the teacher's prediction first, then what these compare with
 */
export function besideOf(
  loss: LossOptions,
  { alpha, temperature }: Shares,
  hidden: readonly FurtherLoss[],
  lessons: Lessons,
): Beside | undefined {
  if (alpha === 0 && hidden.length === 0) return undefined;
  const said: FurtherLoss[] = alpha === 0 ? [] : [{ weight: alpha, nodes: imitation(loss, temperature) }];
  return {
    lossWeight: 1 - alpha,
    losses: [...said, ...hidden],
    targets: async (batch) => {
      const targets = await lessons.targets(batch);
      return alpha === 0 ? targets.slice(1) : targets;
    },
  };
}

function imitation({ kind }: LossOptions, temperature: number): FurtherLoss["nodes"] {
  if (kind === "cross-entropy")
    return (emit, ours, theirs) => softenedDivergence(emit, ours, theirs, temperature);
  if (kind === "binary-cross-entropy")
    return (emit, ours, theirs) => softenedBinaryDivergence(emit, ours, theirs, temperature);
  return meanSquaredError;
}
