/**
 * Lengths of an optimal prefix code of which no word is longer than `maxBits`: Larmore and Hirschberg, A Fast Algorithm
 * for Optimal Length-Limited Huffman Codes, J. ACM 37 (1990).
 *
 * @param weights of the symbols, rising, at least two and at most 2^maxBits
 * @returns the lengths in the order of the weights, falling
 */
export function packageMerge(weights: Float64Array, maxBits: number): Uint8Array {
  const leaves = weights.length;
  // Per level, the merged list says of each item whether it is a leaf (1) or a package of two items one level deeper.
  const levels: Uint8Array[] = [];
  let items = weights;
  let isLeaf = new Uint8Array(leaves).fill(1);
  levels.push(isLeaf);
  for (let level = 1; level < maxBits; level++) {
    const packages = items.length >> 1;
    const merged = new Float64Array(leaves + packages);
    isLeaf = new Uint8Array(merged.length);
    let leaf = 0;
    let pack = 0;
    for (let at = 0; at < merged.length; at++) {
      const weight = leaf < leaves ? weights[leaf]! : Number.POSITIVE_INFINITY;
      const packed = pack < packages ? items[2 * pack]! + items[2 * pack + 1]! : Number.POSITIVE_INFINITY;
      if (weight <= packed) {
        merged[at] = weight;
        isLeaf[at] = 1;
        leaf++;
      } else {
        merged[at] = packed;
        pack++;
      }
    }
    items = merged;
    levels.push(isLeaf);
  }
  // The cheapest 2n − 2 items of the last list: a symbol's length is the number of levels on which it is among them.
  const lengths = new Uint8Array(leaves);
  let taken = 2 * leaves - 2;
  for (let level = levels.length - 1; level >= 0 && taken > 0; level--) {
    const flags = levels[level]!;
    let picked = 0;
    for (let at = 0; at < taken; at++) picked += flags[at]!;
    for (let at = 0; at < picked; at++) lengths[at]!++;
    taken = 2 * (taken - picked);
  }
  return lengths;
}
