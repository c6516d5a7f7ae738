import type { LiteGraph } from "../reader/lite-model.ts";

/**
 * A name for every tensor: its own where it can be. Inputs and outputs come first, since they are known by theirs; later
 * tensors of the same name get their number behind it, nameless ones are `tensor_12`. Converters join the names of all that
 * they fuse with semicolons: within the graph the first is enough, because names are a large part of a small file.
 */
export function tensorNames(graph: LiteGraph): string[] {
  const names: string[] = new Array(graph.tensors.length).fill("");
  const taken = new Set<string>();
  const ends = new Set([...graph.inputs, ...graph.outputs]);
  for (const index of new Set([...ends, ...graph.tensors.keys()])) {
    const full = graph.tensors[index]?.name ?? "";
    const wanted = (ends.has(index) ? full : full.split(";", 1)[0]) || `tensor_${index}`;
    names[index] = unique(taken, wanted, `${wanted}_${index}`);
  }
  return names;
}

/** The first of these that is free, then with numbers behind it; it is taken from now on. */
export function unique(taken: Set<string>, ...wanted: readonly string[]): string {
  const last = wanted.at(-1) ?? "";
  let name = wanted.find((each) => !taken.has(each));
  for (let count = 2; name === undefined; count++) {
    const numbered = `${last}_${count}`;
    if (!taken.has(numbered)) name = numbered;
  }
  taken.add(name);
  return name;
}
