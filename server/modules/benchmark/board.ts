import type { BoardEntry, BoardValue } from "#contracts/benchmark.ts";
import type { MeasurementRow } from "#contracts/measurement.ts";
import { type Entry, type Rankable, type Rule, rank } from "./rank.ts";

/** A submission with its values, derived ones (carbon, cost) included. */
export interface Candidate {
  readonly id: string;
  readonly title: string;
  readonly organisation: string;
  readonly submittedAt: Date;
  readonly isBaseline: boolean;
  readonly isOwn: boolean;
  readonly measured: readonly MeasurementRow[];
}

/** Quantities that no split distinguishes, and quality on the board's own split. */
function onBoard(measured: MeasurementRow, split: string): boolean {
  return measured.split === null || measured.split === split;
}

function rankable(measured: MeasurementRow): Rankable {
  const { interval, value, tier } = measured;
  const key = measured.qualityKey ?? measured.performanceKey ?? undefined;
  const [low, high] = typeof interval === "object" ? [interval.low, interval.high] : [value, value];
  return { value, low, high, tier, key };
}

/** Without the change against the entrant's own baseline: a board ranks values, and nobody submitted that baseline. */
function cell(measured: MeasurementRow): BoardValue {
  const { value, unit, interval, n, tier, method, qualityKey, performanceKey } = measured;
  return { value, unit, interval, n, tier, method, baselineDelta: null, qualityKey, performanceKey };
}

/**
 * The entries of a board in the order of one metric. What may be ranked together is stated by the baseline: its key
 * and tier of that metric. Where the baseline lacks the metric, nothing is ranked.
 */
export function boardEntries(
  candidates: readonly Candidate[],
  by: { metric: string; split: string; higherIsBetter: boolean },
): { entries: BoardEntry[]; tier: string; metrics: string[] } {
  const values = new Map(
    candidates.map((candidate) => [
      candidate.id,
      new Map(candidate.measured.filter((m) => onBoard(m, by.split)).map((m) => [m.name, m])),
    ]),
  );
  const baseline = candidates.find((candidate) => candidate.isBaseline);
  const reference = baseline && values.get(baseline.id)?.get(by.metric);
  const rule: Rule = {
    higherIsBetter: by.higherIsBetter,
    key: reference ? rankable(reference).key : undefined,
    tier: reference?.tier ?? "none",
  };
  const toEntry = (candidate: Candidate): Entry => {
    const measured = values.get(candidate.id)?.get(by.metric);
    return { id: candidate.id, submittedAt: candidate.submittedAt, measured: measured && rankable(measured) };
  };
  const ranked = rank(candidates.filter((candidate) => !candidate.isBaseline).map(toEntry), rule);
  const byId = new Map(candidates.map((candidate) => [candidate.id, candidate]));
  const row = (id: string, place: BoardEntry["rank"], tied: boolean): BoardEntry[] => {
    const candidate = byId.get(id);
    if (!candidate) return [];
    const { title, organisation, submittedAt, isBaseline, isOwn } = candidate;
    const cells = [...(values.get(id) ?? [])].map(([name, measured]) => [name, cell(measured)] as const);
    return [
      {
        id,
        title,
        organisation,
        submittedAt,
        isBaseline,
        isOwn,
        rank: place,
        tied,
        values: Object.fromEntries(cells),
      },
    ];
  };
  const entries = ranked.flatMap((item) => row(item.id, item.rank, item.tied));
  if (baseline) entries.push(...row(baseline.id, "baseline", false));
  const metrics = [...new Set([...values.values()].flatMap((map) => [...map.keys()]))].sort();
  return { entries, tier: rule.tier, metrics };
}
