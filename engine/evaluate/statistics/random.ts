import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";

/** A stream of random numbers that depends on its seed alone. */
export interface RandomStream {
  /** Uniform integer in [0, bound). */
  below(bound: number): number;
  /** Uniform in [0, 1), 53 bits. */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
  /** 32 random bits as an unsigned integer, for inner loops. */
  bits(): number;
}

/** xoroshiro128+ (Blackman and Vigna 2018), as implemented by pure-rand. */
export function randomStream(seed: number): RandomStream {
  const generator = xoroshiro128plus(seed);
  // The first outputs of neighbouring seeds resemble each other; a few steps separate the streams.
  for (let step = 0; step < 8; step++) generator.next();
  let spare: number | undefined;
  const uniform = () => uniformFloat64(generator);
  return {
    below: (bound) => uniformInt(generator, 0, bound - 1),
    uniform,
    bits: () => generator.next() >>> 0,
    normal() {
      if (spare !== undefined) {
        const value = spare;
        spare = undefined;
        return value;
      }
      // Box and Muller 1958; 1 − u keeps the logarithm finite.
      const radius = Math.sqrt(-2 * Math.log(1 - uniform()));
      const angle = 2 * Math.PI * uniform();
      spare = radius * Math.sin(angle);
      return radius * Math.cos(angle);
    },
  };
}

/** Fisher–Yates shuffle in place. */
export function shuffle(items: Uint32Array, random: RandomStream): Uint32Array {
  for (let index = items.length - 1; index > 0; index--) {
    const other = random.below(index + 1);
    const held = items[index]!;
    items[index] = items[other]!;
    items[other] = held;
  }
  return items;
}
