import {
  createLoader,
  parseAsArrayOf,
  parseAsFloat,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";
import { costMetrics } from "#contracts/metric.ts";
import { type RunSort, runSort, runStates } from "#contracts/run.ts";

/** What the address of an experiment's page holds, so that a link shows what its sender saw. */
export const experimentSearch = {
  cost: parseAsStringLiteral(costMetrics).withDefault("size/file"),
  /** Metric of the vertical axis; empty: the most telling one. */
  quality: parseAsString.withDefault(""),
  /** Loss that is accepted: 0.01 is one point, or one per cent. */
  budget: parseAsFloat.withDefault(0.01),
  /** Number of the run in the side panel. */
  run: parseAsInteger,
  sort: parseAsString.withDefault("number"),
  state: parseAsArrayOf(parseAsStringLiteral(runStates)).withDefault([]),
  q: parseAsString.withDefault(""),
  /** Columns besides the recipe; empty: the usual ones. */
  columns: parseAsArrayOf(parseAsString).withDefault([]),
  /** Area chosen in the picture: least and most of cost and of quality. */
  x: parseAsArrayOf(parseAsFloat).withDefault([]),
  y: parseAsArrayOf(parseAsFloat).withDefault([]),
};

export const loadExperimentSearch = createLoader(experimentSearch);

/** `size/file` or `-size/file` for descending; by number where it is neither. */
export function parseSort(text: string): RunSort {
  const descending = text.startsWith("-");
  const parsed = runSort.safeParse({ by: descending ? text.slice(1) : text, descending });
  return parsed.success ? parsed.data : { by: "number", descending: false };
}

export function sortText({ by, descending }: RunSort): string {
  return descending ? `-${by}` : by;
}
