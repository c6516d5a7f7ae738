import type { PointBatch } from "#server/modules/run/execution/claim.ts";

/** Kept while the database is away; beyond it every second point of each series goes. */
const mostPoints = 400_000;

/** Points that wait to be written: of equal steps the last one counts, and what is not a number is left out. */
export class PointBuffer {
  readonly #series = new Map<string, Map<number, number>>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(name: string, steps: ArrayLike<number>, values: ArrayLike<number>): void {
    const own = this.#series.get(name) ?? new Map<number, number>();
    this.#series.set(name, own);
    for (let index = 0; index < steps.length; index++) {
      const [step, value] = [steps[index], values[index]];
      if (step === undefined || value === undefined || !Number.isFinite(value)) continue;
      if (!own.has(step)) this.#size++;
      own.set(step, value);
    }
    if (this.#size > mostPoints) this.#thin();
  }

  #thin(): void {
    for (const own of this.#series.values()) {
      let odd = false;
      for (const step of own.keys()) {
        if (odd) {
          own.delete(step);
          this.#size--;
        }
        odd = !odd;
      }
    }
  }

  /** Removes and returns at most so many points. */
  take(most: number): PointBatch[] {
    const batches: PointBatch[] = [];
    let room = most;
    for (const [name, own] of this.#series) {
      if (room === 0) break;
      const steps: number[] = [];
      const values: number[] = [];
      for (const [step, value] of own) {
        if (steps.length === room) break;
        steps.push(step);
        values.push(value);
        own.delete(step);
      }
      if (own.size === 0) this.#series.delete(name);
      room -= steps.length;
      this.#size -= steps.length;
      if (steps.length > 0) batches.push({ name, steps, values });
    }
    return batches;
  }
}
