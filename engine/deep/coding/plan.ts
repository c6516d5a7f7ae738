import type { BitWriter } from "../bit-writer.ts";
import type { Coding } from "../format.ts";

/** One way to store elements, and what it takes. */
export interface Plan {
  readonly coding: Coding;
  /** Bytes among the data: exact. */
  readonly dataBytes: number;
  /** The same with what it says in the table, which is deflated: an estimate, to choose by. */
  readonly cost: number;
  write(table: BitWriter, data: BitWriter): void;
}

/** The cheapest plan; the earlier one of equals. */
export function cheapest(plans: readonly [Plan, ...Plan[]]): Plan {
  let best = plans[0];
  for (const plan of plans) if (plan.cost < best.cost) best = plan;
  return best;
}
