import { maxCodeBits } from "../format.ts";
import { packageMerge } from "./package-merge.ts";

/**
 * Lengths of an optimal code for symbols that occur so often: Huffman's, and where that has words of more than
 * `maxBits`, the best code without them. Depends on the counts alone: ties go to the smaller symbol.
 *
 * @param counts per symbol, at most 2^maxBits symbols
 * @returns bits per symbol, 0 where a symbol does not occur; 0 also for a symbol that is the only one
 */
export function codeLengths(counts: Uint32Array, maxBits: number = maxCodeBits): Uint8Array {
  const lengths = new Uint8Array(counts.length);
  const used = byCount(counts);
  if (used.length < 2) return lengths;
  const weights = Float64Array.from(used, (symbol) => counts[symbol]!);
  let sorted = huffman(weights);
  if (sorted[0]! > maxBits) sorted = packageMerge(weights, maxBits);
  used.forEach((symbol, at) => {
    lengths[symbol] = sorted[at]!;
  });
  return lengths;
}

function byCount(counts: Uint32Array): Uint32Array {
  let size = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) if (counts[symbol]! > 0) size++;
  const used = new Uint32Array(size);
  for (let symbol = 0, at = 0; symbol < counts.length; symbol++) if (counts[symbol]! > 0) used[at++] = symbol;
  return used.sort((a, b) => counts[a]! - counts[b]! || a - b);
}

/** Depth of each leaf of Huffman's tree; inner nodes come into being by rising weight, so two queues do for a heap. */
function huffman(weights: Float64Array): Uint8Array {
  const leaves = weights.length;
  const inner = new Float64Array(leaves - 1);
  const parents = new Uint32Array(2 * leaves - 1);
  let leaf = 0;
  let next = 0;
  const smallest = (made: number): number => {
    const isLeaf = leaf < leaves && (next >= made || weights[leaf]! <= inner[next]!);
    return isLeaf ? leaf++ : leaves + next++;
  };
  for (let made = 0; made < leaves - 1; made++) {
    const one = smallest(made);
    const two = smallest(made);
    const weightOf = (node: number) => (node < leaves ? weights[node]! : inner[node - leaves]!);
    inner[made] = weightOf(one) + weightOf(two);
    parents[one] = leaves + made;
    parents[two] = leaves + made;
  }
  // A depth below 256: weights that sum up to less than 2^53 have no tree deeper than 76.
  const depths = new Uint8Array(2 * leaves - 1);
  for (let node = 2 * leaves - 3; node >= 0; node--) depths[node] = depths[parents[node]!]! + 1;
  return depths.subarray(0, leaves);
}

/** Bits that symbols of these counts take in a code of these lengths. */
export function codedBits(counts: Uint32Array, lengths: Uint8Array): number {
  let bits = 0;
  for (let symbol = 0; symbol < counts.length; symbol++) bits += counts[symbol]! * lengths[symbol]!;
  return bits;
}
