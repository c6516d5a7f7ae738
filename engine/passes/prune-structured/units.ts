import { EngineError } from "#engine/error.ts";
import { type EngineRemark, say } from "#engine/say.ts";

/**
 * One axis of a tensor whose positions can be removed: for each position the unit it belongs to. Axes are compared by
 * identity: what an operator hands on unchanged is the same object.
 */
export type Axis = Int32Array;

/** The axes of a value; undefined where the size is fixed: batches, images, inputs, and every axis of size 1. */
export type Axes = readonly (Axis | undefined)[];

/**
 * Positions in all. Every axis of every weight takes as many as it is long: a language model with a vocabulary of
 * 250,000 and 100 layers stays below 3 million.
 */
const maxPositions = 2 ** 24;
/**
 * Entries of axes that are made of others, in all: flattened features, blocks put together. A file of a kilobyte can
 * ask for terabytes by concatenating a value with itself over and over.
 */
const maxDerived = 2 ** 26;

function tooLarge(most: number, what: string): EngineError {
  const remark = say("prune-structured.tooLarge", { most });
  const message = `The model has more than ${most} ${what} to follow`;
  return new EngineError("limit-exceeded", message, undefined, { remark });
}

/**
 * Which positions can only be removed together, as a union-find over single positions. A class of positions is a
 * unit: a neuron, a channel, a head, with everything that depends on it. A locked unit stays, and knows who wants it so.
 */
export class Units {
  #parent = new Int32Array(1024);
  #size = 0;
  #derived = 0;
  readonly #locks = new Map<number, EngineRemark>();

  /** @throws EngineError "limit-exceeded" */
  fresh(length: number): Axis {
    const start = this.#size;
    if (start + length > maxPositions) {
      throw tooLarge(maxPositions, "channels");
    }
    while (start + length > this.#parent.length) {
      const grown = new Int32Array(this.#parent.length * 2);
      grown.set(this.#parent);
      this.#parent = grown;
    }
    for (let at = start; at < start + length; at++) this.#parent[at] = at;
    this.#size += length;
    return Int32Array.from({ length }, (_, at) => start + at);
  }

  /**
   * An axis of units that exist, position by position.
   *
   * @throws EngineError "limit-exceeded"
   */
  derive(length: number, unit: (position: number) => number): Axis {
    this.#derived += length;
    if (this.#derived > maxDerived) {
      throw tooLarge(maxDerived, "features");
    }
    const axis = new Int32Array(length);
    for (let at = 0; at < length; at++) axis[at] = unit(at);
    return axis;
  }

  /** The unit of a position: the same number for all positions that go together. */
  find(position: number): number {
    let root = position;
    for (let up = this.#parent[root] ?? root; up !== root; up = this.#parent[root] ?? root) root = up;
    for (let at = position; at !== root; ) {
      const up = this.#parent[at] ?? root;
      this.#parent[at] = root;
      at = up;
    }
    return root;
  }

  unite(a: number, b: number): void {
    const [first, second] = [this.find(a), this.find(b)];
    if (first === second) return;
    // The smaller number wins, so that the same model always gives the same units.
    const [root, child] = first < second ? [first, second] : [second, first];
    this.#parent[child] = root;
    const lock = this.#locks.get(root) ?? this.#locks.get(child);
    if (lock !== undefined) this.#locks.set(root, lock);
  }

  lock(axis: Axis, reason: EngineRemark): void {
    for (const position of axis) {
      const root = this.find(position);
      if (!this.#locks.has(root)) this.#locks.set(root, reason);
    }
  }

  lockOf(position: number): EngineRemark | undefined {
    return this.#locks.get(this.find(position));
  }
}
