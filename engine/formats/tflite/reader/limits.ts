import { EngineError } from "#engine/error.ts";

/** Bounds of what reading a file may cost. A few bytes can point to the same large table again and again. */
export const limits = {
  /** What one FlatBuffer can address; larger models keep their buffers behind it. */
  maxFlatBytes: 2 ** 31 - 1,
  /** Tables that are visited, each time they are: about 200 bytes of memory each. Real models have some ten thousand. */
  maxTables: 500_000,
  /** Numbers and characters in lists and names that are copied out. */
  maxValues: 16_000_000,
  /** Dimensions of a tensor; TensorFlow Lite's operators know six at most. */
  maxRank: 32,
  /** Values of one tensor, which nothing has to hold before the model runs. */
  maxElements: 2 ** 40,
} as const;

/** Counts against the limits while a file is read. */
export class Budget {
  #tables = 0;
  #values = 0;

  table(place: string): void {
    if (++this.#tables > limits.maxTables)
      throw new EngineError("limit-exceeded", `The file has more than ${limits.maxTables} tables`, place);
  }

  values(count: number, place: string): void {
    this.#values += count;
    if (this.#values > limits.maxValues)
      throw new EngineError(
        "limit-exceeded",
        `The file has more than ${limits.maxValues} numbers and characters in lists and names`,
        place,
      );
  }
}
