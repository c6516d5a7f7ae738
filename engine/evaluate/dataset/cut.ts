import { EngineError } from "#engine/error.ts";
import { randomStream, shuffle } from "../statistics/random.ts";

/** Parts to take, in this order: below 1 a fraction of the rows, from 1 on a count. */
export type Cuts = readonly (readonly [name: string, amount: number])[];

/**
 * Cuts rows into disjoint parts by seed; what is left over is `rest`. Where `strata` gives a class per row, every
 * part holds the classes in the proportion of the whole, up to rounding. Equal seeds give equal parts.
 *
 * @returns ascending row numbers per part
 * @throws EngineError "data-mismatch" where the parts need more rows than there are
 */
export function cutRows(
  rows: Uint32Array,
  cuts: Cuts,
  seed: number,
  strata?: ArrayLike<number>,
): { parts: Map<string, Uint32Array>; rest: Uint32Array } {
  const order =
    strata === undefined ? shuffle(rows.slice(), randomStream(seed)) : interleave(rows, strata, seed);
  const parts = new Map<string, Uint32Array>();
  let taken = 0;
  for (const [name, amount] of cuts) {
    const count = amount < 1 ? Math.round(amount * rows.length) : amount;
    if (taken + count > rows.length) {
      throw new EngineError(
        "data-mismatch",
        `The splits take ${taken + count} items with "${name}", but there are only ${rows.length}`,
      );
    }
    parts.set(name, order.slice(taken, taken + count).sort());
    taken += count;
  }
  return { parts, rest: order.slice(taken).sort() };
}

/**
 * Shuffles each class, spreads its items evenly over [0, 1) and merges: every stretch of the result then holds the
 * classes in proportion.
 */
function interleave(rows: Uint32Array, strata: ArrayLike<number>, seed: number): Uint32Array {
  const random = randomStream(seed);
  const classes = new Map<number, number[]>();
  for (const row of rows) {
    const members = classes.get(strata[row]!);
    if (members === undefined) classes.set(strata[row]!, [row]);
    else members.push(row);
  }
  const placed: { row: number; at: number }[] = [];
  // By class number, so that the order of the rows in the file does not matter beyond their own class.
  for (const key of [...classes.keys()].sort((one, other) => one - other)) {
    const members = shuffle(Uint32Array.from(classes.get(key) ?? []), random);
    const start = random.uniform();
    for (const [index, row] of members.entries()) placed.push({ row, at: (index + start) / members.length });
  }
  placed.sort((one, other) => one.at - other.at || one.row - other.row);
  return Uint32Array.from(placed, ({ row }) => row);
}
