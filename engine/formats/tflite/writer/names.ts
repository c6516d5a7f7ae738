import type { LiteGraph } from "../reader/lite-model.ts";

/**
 * A name for every tensor: its own where it can be. Inputs and outputs come first, since they are known by theirs; later
 * tensors of the same name get their number behind it, nameless ones are `tensor_12`. Converters join the names of all that
 * they fuse with semicolons: within the graph the first is enough, because names are a large part of a small file.
 */
export function tensorNames(graph: LiteGraph, taken: Names): string[] {
  const names: string[] = new Array(graph.tensors.length).fill("");
  const ends = new Set([...graph.inputs, ...graph.outputs]);
  for (const index of new Set([...ends, ...graph.tensors.keys()])) {
    const full = graph.tensors[index]?.name ?? "";
    const wanted = (ends.has(index) ? full : full.split(";", 1)[0]) || `tensor_${index}`;
    names[index] = taken.has(wanted) ? taken.fresh(`${wanted}_${index}`) : taken.fresh(wanted);
  }
  return names;
}

/** Names that are in use. */
export class Names {
  readonly #taken = new Set<string>();
  /** By name: the number that was last put behind it. */
  readonly #counts = new Map<string, number>();

  has(name: string): boolean {
    return this.#taken.has(name);
  }

  /** This name if it is free, else with a number behind it; it is in use from now on. */
  fresh(wanted: string): string {
    let name = wanted;
    if (this.#taken.has(name)) {
      let count = this.#counts.get(wanted) ?? 1;
      do name = `${wanted}_${++count}`;
      while (this.#taken.has(name));
      this.#counts.set(wanted, count);
    }
    this.#taken.add(name);
    return name;
  }
}
