import { betterOf, hasOwnBudget } from "#contracts/metric.ts";

const direction = (quality: string) => (betterOf(quality) === "lower" ? 1 : -1);
const unitOf = (quality: string, baseline: number) => (hasOwnBudget(quality) ? 1 : Math.abs(baseline));

/** Quality that is left when exactly the budget is lost. */
export function budgetLevel(quality: string, baseline: number, budget: number): number {
  return baseline + direction(quality) * budget * unitOf(quality, baseline);
}

/** Greatest budget that a line can be drawn to: half of everything. */
export const mostBudget = 0.5;

/** The budget of a line at this quality, in steps that a person would name: twentieths of a point or of a per cent. */
export function budgetAt(quality: string, baseline: number, level: number): number {
  const unit = unitOf(quality, baseline);
  if (unit === 0) return 0;
  const lost = ((level - baseline) * direction(quality)) / unit;
  return clampBudget(Math.round(lost * 2_000) / 2_000);
}

export function clampBudget(budget: number): number {
  return Math.min(mostBudget, Math.max(0, Number(budget.toFixed(4))));
}
