import type { SensitivityRow } from "../sensitivity.ts";

/**
 * Turns a scan into the option `layers` of `prune.magnitude`: each tensor gets the largest sparsity up to which every
 * scanned sparsity keeps the relative error within the tolerance, 0 where none does. Errors of several pruned tensors
 * add up, so that the whole model's error is larger than the tolerance.
 */
export function layersWithin(rows: readonly SensitivityRow[], tolerance: number): Record<string, number> {
  const failed = new Set<string>();
  const chosen = new Map<string, number>();
  for (const { tensor, sparsity, relativeError } of [...rows].sort((a, b) => a.sparsity - b.sparsity)) {
    if (!(relativeError <= tolerance)) failed.add(tensor);
    chosen.set(tensor, failed.has(tensor) ? (chosen.get(tensor) ?? 0) : sparsity);
  }
  return Object.fromEntries(chosen);
}
