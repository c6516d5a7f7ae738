import type { TrainPruneOptions } from "../train.prune.schema.ts";

type Timing = Pick<TrainPruneOptions, "begin" | "end" | "every" | "start_sparsity" | "regrow">;

/**
 * When is pruned, and to which sparsity: s(p) = s_f + (s_i − s_f)(1 − p)³, where p goes from 0 to 1 between begin and end
 * (Zhu and Gupta 2017, 1710.01878; `PolynomialDecay` of the TensorFlow Model Optimization Toolkit).
 */
export class PruningSchedule {
  readonly #first: number;
  readonly #last: number;
  readonly #timing: Timing;

  /** @param total updates of the training */
  constructor(timing: Timing, total: number) {
    this.#timing = timing;
    this.#first = Math.round(timing.begin * (total - 1));
    this.#last = Math.max(this.#first, Math.round(timing.end * (total - 1)));
  }

  /** @param update from 0 */
  isDue(update: number): boolean {
    if (update < this.#first || update > this.#last) return false;
    return update === this.#last || (update - this.#first) % this.#timing.every === 0;
  }

  /** @param final sparsity of the weights in question */
  sparsity(update: number, final: number): number {
    const start = Math.min(this.#timing.start_sparsity, final);
    return final + (start - final) * (1 - this.#progress(update)) ** 3;
  }

  /** Share of the kept weights that are exchanged: half a cosine down to nothing (Evci et al. 2020, 1911.11134). */
  regrown(update: number): number {
    return (this.#timing.regrow / 2) * (1 + Math.cos(Math.PI * this.#progress(update)));
  }

  #progress(update: number): number {
    const length = this.#last - this.#first;
    return length === 0 ? 1 : Math.min(1, Math.max(0, (update - this.#first) / length));
  }
}
