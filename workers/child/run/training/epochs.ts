import type { EpochReport } from "#engine/train/fit.ts";
import { tell } from "../../parent.ts";
import { remark } from "../../say.ts";

/** Lines that a training gets in the log: of a longer one every second epoch is told, every third and so on. */
const mostLines = 200;

/** A line of the log for an epoch that is over. */
export function sayEpoch(use: string, epoch: number, epochs: number, report: EpochReport): void {
  if (epoch % Math.ceil(epochs / mostLines) !== 0 && epoch !== epochs) return;
  const { trainLoss: loss, tuning } = report;
  const common = { use, epoch, epochs, loss };
  if (tuning === undefined) tell(remark("log.epoch", common));
  else if (tuning.accuracy === undefined) tell(remark("log.epochLoss", { ...common, tuning: tuning.loss }));
  else tell(remark("log.epochAccuracy", { ...common, tuning: tuning.loss, accuracy: tuning.accuracy }));
}
