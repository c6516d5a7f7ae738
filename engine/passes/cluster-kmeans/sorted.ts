import { radixSort } from "./radix-sort.ts";

/** Values between two stored sums: at most this many are added up for one more. */
const blockLength = 512;

/** Numbers in ascending order with sums over any range of them, in little more memory than the numbers take. */
export class SortedValues {
  readonly values: Float32Array;
  /** Sum of everything before each block. */
  readonly #before: Float64Array;

  /** @param values finite; they are overwritten */
  constructor(values: Float32Array) {
    this.values = radixSort(values);
    const blocks = Math.ceil(values.length / blockLength);
    this.#before = new Float64Array(blocks + 1);
    for (let block = 0; block < blocks; block++) {
      const from = block * blockLength;
      this.#before[block + 1] =
        this.#before[block]! + this.#add(from, Math.min(values.length, from + blockLength));
    }
  }

  get length(): number {
    return this.values.length;
  }

  #add(from: number, to: number): number {
    let sum = 0;
    for (let at = from; at < to; at++) sum += this.values[at]!;
    return sum;
  }

  /** Sum of the first `end` values. */
  sumBefore(end: number): number {
    const block = Math.floor(end / blockLength);
    return this.#before[block]! + this.#add(block * blockLength, end);
  }

  /** How many values are at most `limit`. */
  countUpTo(limit: number): number {
    let [low, high] = [0, this.values.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.values[middle]! <= limit) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Number of distinct values, counted no further than `most`. */
  distinct(most: number): number {
    let count = 0;
    for (let at = 0; at < this.values.length && count < most; at = this.countUpTo(this.values[at]!)) count++;
    return count;
  }
}
