import { createLoader, parseAsArrayOf, parseAsBoolean, parseAsString, parseAsStringLiteral } from "nuqs/server";

export const outcomes = ["all", "lost", "gained", "other"] as const;
export type Outcome = (typeof outcomes)[number];

/** What the address of a comparison holds. The first run is what the others are compared with. */
export const compareSearch = {
  runs: parseAsArrayOf(parseAsString).withDefault([]),
  /** Run whose items are shown beside the first one's; empty: the second of the list. */
  with: parseAsString.withDefault(""),
  show: parseAsStringLiteral(outcomes).withDefault("all"),
  different: parseAsBoolean.withDefault(false),
};

export const loadCompareSearch = createLoader(compareSearch);
