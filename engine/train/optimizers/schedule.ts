import type { ScheduleOptions } from "./optimizer.schema.ts";

/**
 * The factor of the largest step size at a step.
 *
 * @param step from 0
 * @param total steps of the whole training
 */
export function scheduleFactor(schedule: ScheduleOptions, step: number, total: number): number {
  const { warmup_steps: warmup } = schedule;
  if (step < warmup) return (step + 1) / (warmup + 1);
  const length = Math.max(1, total - warmup - 1);
  const done = Math.min(1, (step - warmup) / length);
  switch (schedule.shape) {
    case "constant":
      return 1;
    case "cosine":
      return schedule.last + (1 - schedule.last) * 0.5 * (1 + Math.cos(Math.PI * done));
    case "linear":
      return 1 + (schedule.last - 1) * done;
    case "steps":
      return schedule.factor ** schedule.at.filter((share) => step >= share * total).length;
  }
}
