import { toNumbers } from "#engine/evaluate/tensors/elements.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";

/** How far the outputs of a variant are from those of its original, gathered batch by batch. */
export class Difference {
  #signal = 0;
  #noise = 0;
  #dot = 0;
  #power = 0;

  /**
   * Adds one output of one batch. Values that are not finite in the original are left out; where the variant alone is
   * not finite, the error becomes infinite.
   */
  add(original: HostTensor, variant: HostTensor | undefined): void {
    const one = toNumbers(original);
    const other = variant === undefined ? undefined : toNumbers(variant);
    if (other === undefined || other.length !== one.length) {
      this.#noise = Number.POSITIVE_INFINITY;
      return;
    }
    for (let at = 0; at < one.length; at++) {
      const [x, y] = [one[at] ?? 0, other[at] ?? 0];
      if (!Number.isFinite(x)) continue;
      if (!Number.isFinite(y)) {
        this.#noise = Number.POSITIVE_INFINITY;
        continue;
      }
      this.#signal += x * x;
      this.#noise += (x - y) ** 2;
      this.#dot += x * y;
      this.#power += y * y;
    }
  }

  /** √(Σ (x − y)² / Σ x²) over everything added; 0 where nothing differs, infinite where zeros do not stay so. */
  get relativeError(): number {
    return this.#noise === 0 ? 0 : Math.sqrt(this.#noise / this.#signal);
  }

  /** Cosine of all values together as two vectors; 1 where both are zero, 0 where one is or the error is infinite. */
  get cosine(): number {
    if (this.#noise === 0) return 1;
    if (!Number.isFinite(this.#noise) || this.#signal === 0 || this.#power === 0) return 0;
    return Math.max(-1, Math.min(1, this.#dot / Math.sqrt(this.#signal) / Math.sqrt(this.#power)));
  }
}
