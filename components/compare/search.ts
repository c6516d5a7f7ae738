import {
  createLoader,
  parseAsArrayOf,
  parseAsBoolean,
  parseAsInteger,
  parseAsString,
  parseAsStringLiteral,
} from "nuqs/server";

export const outcomes = ["all", "lost", "gained", "other"] as const;
export type Outcome = (typeof outcomes)[number];

/** What the address of a comparison holds. The first run is the reference. */
export const compareSearch = {
  runs: parseAsArrayOf(parseAsString).withDefault([]),
  /** Run whose items and classes are shown beside the reference's; empty: the one that differs most. */
  with: parseAsString.withDefault(""),
  show: parseAsStringLiteral(outcomes).withDefault("all"),
  page: parseAsInteger.withDefault(1),
  different: parseAsBoolean.withDefault(false),
};

export const loadCompareSearch = createLoader(compareSearch);
