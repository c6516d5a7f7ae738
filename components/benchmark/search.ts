import { createLoader, parseAsString } from "nuqs/server";

/** What the address of a board holds, so that a link shows what its sender saw. */
export const boardSearch = {
  /** Organisation whose boards are seen besides the public ones. */
  org: parseAsString.withDefault(""),
  /** Metric that the board is ranked by; empty: its quality. */
  by: parseAsString.withDefault(""),
  /** Cost in the picture; empty: what fits. */
  cost: parseAsString.withDefault(""),
  /** ID of the entry that is marked. */
  entry: parseAsString.withDefault(""),
};

export const loadBoardSearch = createLoader(boardSearch);
