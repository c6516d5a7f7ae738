import type { Dim } from "#engine/graph/shapes/info.ts";

/** As in ONNX's Transpose: axis i of the result is axis `perm[i]` of the source. */
export type Perm = readonly number[];

export function isIdentity(perm: Perm): boolean {
  return perm.every((axis, at) => axis === at);
}

/** The permutation that takes the result back to the source. */
export function inverse(perm: Perm): number[] {
  const back: number[] = [];
  for (const [at, axis] of perm.entries()) back[axis] = at;
  return back;
}

/** One transposition that does what two do, one after the other. */
export function compose(first: Perm, second: Perm): number[] {
  return second.map((axis) => first[axis] ?? axis);
}

/** The dimensions of what a transposition made, from those of what it took. */
export function permuted<T>(dims: readonly T[], perm: Perm): T[] {
  return perm.flatMap((axis) => dims.slice(axis, axis + 1));
}

/** Whether it moves no value in memory: axes that are longer than one keep their order. */
export function keepsOrder(perm: Perm, source: readonly Dim[]): boolean {
  const moved = perm.filter((axis) => source[axis] !== 1);
  return moved.every((axis, at) => at === 0 || (moved[at - 1] ?? 0) < axis);
}

/** What is left of a permutation where some axes of its result are removed; those of the source are numbered anew. */
export function without(perm: Perm, removed: ReadonlySet<number>): number[] {
  const left = perm.filter((_, at) => !removed.has(at));
  const order = left.toSorted((a, b) => a - b);
  return left.map((axis) => order.indexOf(axis));
}

export function isPerm(perm: readonly number[], rank: number): boolean {
  return (
    perm.length === rank && new Set(perm).size === rank && perm.every((axis) => axis >= 0 && axis < rank)
  );
}
