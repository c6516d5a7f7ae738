import { subgraphs } from "#engine/onnx/attributes.ts";
import type { FunctionDef, Graph, Node } from "#engine/onnx/model.ts";

/** Names that a node reads: its inputs and whatever its subgraphs take from outside. */
export function namesRead(node: Node): Set<string> {
  const names = new Set<string>();
  addNamesRead(node, names);
  return names;
}

function addNamesRead(node: Node, names: Set<string>): void {
  for (const name of node.input) if (name !== "") names.add(name);
  for (const graph of subgraphs(node)) for (const name of namesCaptured(graph)) names.add(name);
}

/** Names that a graph takes from the scopes around it. */
export function namesCaptured(graph: Graph): Set<string> {
  const own = new Set<string>();
  for (const input of graph.input) own.add(input.name);
  for (const tensor of graph.initializer) own.add(tensor.name ?? "");
  for (const sparse of graph.sparseInitializer ?? []) own.add(sparse.values?.name ?? "");
  for (const node of graph.node) for (const output of node.output) own.add(output);
  const captured = new Set<string>();
  const read = new Set<string>();
  for (const node of graph.node) addNamesRead(node, read);
  for (const name of read) if (!own.has(name)) captured.add(name);
  for (const output of graph.output)
    if (output.name !== "" && !own.has(output.name)) captured.add(output.name);
  return captured;
}

export interface Order {
  /** Nodes so that producers come before readers; a graph that is in order already keeps its order. */
  readonly sorted: Node[];
  /** Nodes on a cycle or behind one: empty for a valid graph. */
  readonly cyclic: Node[];
}

/** Topological order of one body by Kahn's method, stable: among ready nodes the earliest in the file goes first. */
export function topologicalOrder(body: Graph | FunctionDef): Order {
  const makers = new Map<string, number>();
  body.node.forEach((node, index) => {
    for (const name of node.output) if (name !== "" && !makers.has(name)) makers.set(name, index);
  });
  const waiting = new Array<number>(body.node.length).fill(0);
  const readers = new Map<number, number[]>();
  body.node.forEach((node, index) => {
    const sources = new Set<number>();
    for (const name of namesRead(node)) {
      const maker = makers.get(name);
      if (maker !== undefined) sources.add(maker);
    }
    waiting[index] = sources.size;
    for (const maker of sources) {
      const list = readers.get(maker);
      if (list === undefined) readers.set(maker, [index]);
      else list.push(index);
    }
  });
  const ready = new MinHeap();
  waiting.forEach((count, index) => {
    if (count === 0) ready.push(index);
  });
  const sorted: Node[] = [];
  for (let index = ready.pop(); index !== undefined; index = ready.pop()) {
    const node = body.node[index];
    if (node !== undefined) sorted.push(node);
    for (const reader of readers.get(index) ?? []) {
      const left = (waiting[reader] ?? 0) - 1;
      waiting[reader] = left;
      if (left === 0) ready.push(reader);
    }
  }
  return { sorted, cyclic: body.node.filter((_, index) => (waiting[index] ?? 0) > 0) };
}

/** Smallest number first, O(log n) each. */
class MinHeap {
  readonly #items: number[] = [];

  push(value: number): void {
    const items = this.#items;
    let at = items.push(value) - 1;
    while (at > 0) {
      const up = (at - 1) >> 1;
      const parent = items[up] ?? 0;
      if (parent <= value) break;
      items[at] = parent;
      items[up] = value;
      at = up;
    }
  }

  pop(): number | undefined {
    const items = this.#items;
    const top = items[0];
    const last = items.pop();
    if (top === undefined || last === undefined || items.length === 0) return top;
    let at = 0;
    for (;;) {
      let down = 2 * at + 1;
      if (down >= items.length) break;
      if (down + 1 < items.length && (items[down + 1] ?? 0) < (items[down] ?? 0)) down++;
      const child = items[down] ?? 0;
      if (child >= last) break;
      items[at] = child;
      at = down;
    }
    items[at] = last;
    return top;
  }
}
