import type { Value } from "#engine/graph/index.ts";

/** What was seen of values over the calibration items. */
export class Sight {
  readonly #hidden: ReadonlyMap<Value, string>;
  readonly #seen: ReadonlySet<Value>;

  /**
   * @param hidden values that could not be looked at in all batches, with the reasons
   * @param seen values that were computed at least once
   */
  constructor(hidden: ReadonlyMap<Value, string>, seen: ReadonlySet<Value>) {
    this.#hidden = hidden;
    this.#seen = seen;
  }

  /** Why these values together tell nothing, or only a part; undefined where all is well. */
  fault(values: readonly Value[]): string | undefined {
    for (const value of values) {
      const reason = this.#hidden.get(value);
      if (reason !== undefined) return `its inner values cannot be observed: ${reason}`;
    }
    // A value in a branch that is never taken takes nothing away from what other nodes see.
    if (values.some((value) => this.#seen.has(value))) return undefined;
    const [first] = values;
    return first === undefined || first.scope.kind === "main"
      ? "nothing of it was observed"
      : `no calibration item reaches it, in the ${first.scope.place}`;
  }
}
