import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of pseudo-random values that depends on its seed alone. */
export interface Random {
  /** A number in [low, high). */
  between(low: number, high: number): number;
  /** An integer from `from` to `to`, both included. */
  integer(from: number, to: number): number;
  /** True with the given probability. */
  chance(probability: number): boolean;
  /** Approximately standard normal. */
  normal(): number;
  /** One element, all equally likely. */
  pick<T>(items: readonly T[]): T;
  /** One element, the first ones more likely: weight 1 / (rank + offset), as in Zipf's law. */
  pickZipf<T>(items: readonly T[], offset: number): T;
  /** Fisher–Yates, in place. */
  shuffle<T>(items: T[]): T[];
}

/**
 * @param seed a 32-bit integer
 */
export function randomStream(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  // The first outputs of neighbouring seeds resemble each other.
  for (let i = 0; i < 16; i++) generator.next();
  const unit = () => uniformFloat64(generator);
  const integer = (from: number, to: number) => uniformInt(generator, from, to);

  /** Irwin–Hall: the sum of 12 uniforms less 6. It needs no logarithm or cosine, so it is exact everywhere. */
  const normal = () => {
    let sum = -6;
    for (let i = 0; i < 12; i++) sum += unit();
    return sum;
  };

  const at = <T>(items: readonly T[], index: number): T => {
    const item = items[index];
    if (item === undefined) throw new RangeError("cannot pick from an empty list");
    return item;
  };

  return {
    between: (low, high) => low + (high - low) * unit(),
    integer,
    chance: (probability) => unit() < probability,
    normal,
    pick: (items) => at(items, integer(0, items.length - 1)),
    pickZipf: (items, offset) => {
      let total = 0;
      for (let rank = 0; rank < items.length; rank++) total += 1 / (rank + offset);
      let rest = unit() * total;
      for (let rank = 0; rank < items.length - 1; rank++) {
        rest -= 1 / (rank + offset);
        if (rest < 0) return at(items, rank);
      }
      return at(items, items.length - 1);
    },
    shuffle: (items) => {
      for (let i = items.length - 1; i > 0; i--) {
        const j = integer(0, i);
        [items[i], items[j]] = [at(items, j), at(items, i)];
      }
      return items;
    },
  };
}
