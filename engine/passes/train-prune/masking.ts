import { bitsOf, keptAt, kthLargestMagnitude } from "../prune-magnitude/select.ts";

/** All bits of a float32 but its sign: they rank as the magnitude does. */
const magnitudeBits = 0x7fff_ffff;

/** Tensors that are ranked together. Views into the memory of the training; masks are written. */
export interface MaskedGroup {
  readonly parts: readonly MaskedPart[];
  /** Share of them that is zero in the end. */
  readonly sparsity: number;
}

export interface MaskedPart {
  readonly weights: Float32Array;
  readonly gradients: Float32Array;
  readonly mask: Float32Array;
}

/**
 * Keeps exactly k = max(round(n · (1 − s)), 1) weights of a group: the largest, but for the share `regrow` of k, which goes
 * to the others with the largest gradients (Evci et al. 2020). Of equals the earlier ones stay.
 *
 * @param sparsity now
 */
export function remask({ parts }: MaskedGroup, sparsity: number, regrow: number): void {
  const count = parts.reduce((sum, { weights }) => sum + weights.length, 0);
  const kept = keptAt(count, sparsity);
  const grown = Math.floor(kept * regrow);
  for (const { mask } of parts) mask.fill(0);
  const masks = parts.map(({ mask }) => mask);
  markLargest(
    parts.map(({ weights }) => weights),
    masks,
    kept - grown,
  );
  if (grown === 0) return;
  const candidates = parts.map(({ gradients, mask }) => {
    const values = gradients.slice();
    for (let at = 0; at < mask.length; at++) if (mask[at] === 1) values[at] = 0;
    return values;
  });
  markLargest(candidates, masks, grown);
}

/** Writes 1 into the masks at the `wanted` values of all parts together that have the largest magnitudes. */
function markLargest(parts: readonly Float32Array[], masks: readonly Float32Array[], wanted: number): void {
  if (wanted === 0) return;
  const threshold = kthLargestMagnitude(parts, wanted);
  const magnitudes = parts.map(bitsOf);
  let ties = wanted;
  for (const part of magnitudes) {
    for (let at = 0; at < part.length; at++) if ((part[at]! & magnitudeBits) > threshold) ties--;
  }
  for (const [number, part] of magnitudes.entries()) {
    const mask = masks[number]!;
    for (let at = 0; at < part.length; at++) {
      const magnitude = part[at]! & magnitudeBits;
      // A place that is marked already was taken by its weight.
      if (magnitude > threshold) mask[at] = 1;
      else if (magnitude === threshold && ties > 0 && mask[at] === 0) {
        mask[at] = 1;
        ties--;
      }
    }
  }
}
