import type { Words } from "../elements.ts";

/** The different words among elements. */
export interface Distinct {
  /** Rising. */
  readonly values: Words;
  /** How often each of them occurs. */
  readonly counts: Uint32Array;
  /** Puts the places in `values` of the words from `from` to before `to` at the start of `block`. */
  places(block: Uint16Array, from: number, to: number): void;
}

/** The different words, or undefined where there are more than `limit` (at most 65,536). */
export function distinctWords(words: Words, limit: number): Distinct | undefined {
  if (words instanceof Uint32Array) return distinct32(words, limit);
  if (words instanceof BigUint64Array) return distinct64(words, limit);
  return distinctSmall(words, limit);
}

function distinctSmall(words: Uint8Array | Uint16Array, limit: number): Distinct | undefined {
  const all = new Uint32Array(words instanceof Uint8Array ? 256 : 65_536);
  for (let at = 0; at < words.length; at++) all[words[at]!]!++;
  const used: number[] = [];
  for (let value = 0; value < all.length && used.length <= limit; value++) {
    if (all[value]! > 0) used.push(value);
  }
  if (used.length > limit) return undefined;
  const place = new Uint16Array(all.length);
  used.forEach((value, at) => {
    place[value] = at;
  });
  return {
    values: words instanceof Uint8Array ? Uint8Array.from(used) : Uint16Array.from(used),
    counts: Uint32Array.from(used, (value) => all[value]!),
    places: (block, from, to) => {
      for (let at = from; at < to; at++) block[at - from] = place[words[at]!]!;
    },
  };
}

/** Open addressing: a map of the language takes five times as long, and there are millions of words. */
function distinct32(words: Uint32Array, limit: number): Distinct | undefined {
  let bits = 4;
  while (2 ** bits < 2 * (limit + 1)) bits++;
  const mask = 2 ** bits - 1;
  const shift = 32 - bits;
  const keys = new Uint32Array(2 ** bits);
  const counts = new Uint32Array(2 ** bits);
  const slotOf = (word: number) => {
    // Fibonacci hashing: 2^32 divided by the golden ratio.
    let slot = Math.imul(word, 0x9e3779b1) >>> shift;
    while (counts[slot]! > 0 && keys[slot] !== word) slot = (slot + 1) & mask;
    return slot;
  };
  let found = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const slot = slotOf(word);
    if (counts[slot]!++ > 0) continue;
    keys[slot] = word;
    if (++found > limit) return undefined;
  }
  const slots = Uint32Array.from({ length: found });
  for (let slot = 0, at = 0; slot <= mask; slot++) if (counts[slot]! > 0) slots[at++] = slot;
  slots.sort((a, b) => keys[a]! - keys[b]!);
  const place = new Uint16Array(2 ** bits);
  slots.forEach((slot, at) => {
    place[slot] = at;
  });
  return {
    values: Uint32Array.from(slots, (slot) => keys[slot]!),
    counts: Uint32Array.from(slots, (slot) => counts[slot]!),
    places: (block, from, to) => {
      for (let at = from; at < to; at++) block[at - from] = place[slotOf(words[at]!)]!;
    },
  };
}

function distinct64(words: BigUint64Array, limit: number): Distinct | undefined {
  const found = new Map<bigint, number>();
  for (const word of words) {
    found.set(word, (found.get(word) ?? 0) + 1);
    if (found.size > limit) return undefined;
  }
  const values = BigUint64Array.from(found.keys()).sort();
  const place = new Map([...values].map((value, at) => [value, at]));
  return {
    values,
    counts: Uint32Array.from(values, (value) => found.get(value) ?? 0),
    places: (block, from, to) => {
      for (let at = from; at < to; at++) block[at - from] = place.get(words[at]!) ?? 0;
    },
  };
}
