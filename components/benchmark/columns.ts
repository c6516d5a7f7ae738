import { costMetrics, type Leaderboard } from "#contracts/benchmark.ts";

/** What a board can be ranked by: its quality, and the costs that an entry has. */
export function rankable(board: Leaderboard): string[] {
  const available = new Set(board.metrics);
  return [board.qualityMetric, ...costMetrics.filter((metric) => available.has(metric))];
}

const usual = ["size/file", "latency/p50", "energy/per-1000"] as const;

/** Columns of the ranking: quality, size, time, energy, and what it is ranked by where that is something else. */
export function shownMetrics(board: Leaderboard): string[] {
  const available = new Set([...board.metrics, board.qualityMetric]);
  const others = usual.filter((metric) => available.has(metric));
  return [...new Set([board.qualityMetric, ...others, board.by])];
}

/** The two numbers of a phone's card: quality, and the cost that matters most on this board. */
export function keptMetrics(board: Leaderboard): ReadonlySet<string> {
  const cost = board.by === board.qualityMetric ? "size/file" : board.by;
  return new Set([board.qualityMetric, cost]);
}

/** Cost of the picture's horizontal axis: the one that is chosen, else what the board is ranked by, else the size. */
export function costOf(board: Leaderboard, chosen: string): string {
  const costs = rankable(board).slice(1);
  return [chosen, board.by].find((metric) => costs.includes(metric)) ?? costs[0] ?? "size/file";
}
