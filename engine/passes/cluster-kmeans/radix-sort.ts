const digitBits = 11;
const buckets = 1 << digitBits;
const digitMask = buckets - 1;
const passes = 3;
/** Below, comparing takes less time than the counts of three passes: a file can have very many tensors. */
const fewest = 1 << 10;
const signBit = 0x8000_0000;

/**
 * Sorts float32 values in ascending order, −0 before 0. Their bits become integers of the same order (a negative
 * number with all bits turned over, another one with its sign bit set), which three counting passes of 11 bits sort:
 * ten times as fast as comparing for millions of values.
 *
 * @param values no NaN; they are overwritten, and may or may not be the result
 */
export function radixSort(values: Float32Array): Float32Array {
  if (values.length < fewest) return values.sort();
  let from: Uint32Array = new Uint32Array(values.buffer, values.byteOffset, values.length);
  let to: Uint32Array = new Uint32Array(values.length);
  const counts = new Uint32Array(passes * buckets);
  for (let at = 0; at < from.length; at++) {
    const bits = from[at]!;
    const key = bits ^ ((bits >> 31) | signBit);
    from[at] = key;
    for (let pass = 0; pass < passes; pass++) {
      const bucket = pass * buckets + ((key >>> (pass * digitBits)) & digitMask);
      counts[bucket] = counts[bucket]! + 1;
    }
  }
  for (let pass = 0; pass < passes; pass++) {
    scatter(from, to, pass * digitBits, startsOf(counts.subarray(pass * buckets, (pass + 1) * buckets)));
    [from, to] = [to, from];
  }
  for (let at = 0; at < from.length; at++) {
    const key = from[at]!;
    from[at] = key ^ ((~key >> 31) | signBit);
  }
  return new Float32Array(from.buffer, from.byteOffset, from.length);
}

function startsOf(counts: Uint32Array): Uint32Array {
  let sum = 0;
  return counts.map((count) => {
    sum += count;
    return sum - count;
  });
}

function scatter(from: Uint32Array, to: Uint32Array, shift: number, next: Uint32Array): void {
  for (let at = 0; at < from.length; at++) {
    const key = from[at]!;
    const digit = (key >>> shift) & digitMask;
    const place = next[digit]!;
    to[place] = key;
    next[digit] = place + 1;
  }
}
