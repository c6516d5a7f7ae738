import { uniqueNames } from "#engine/graph/names.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import type { Axis, Units } from "./units.ts";

/** What is removed, as the edits of nodes see it. */
export class Cut {
  readonly #units: Units;
  readonly #removed: ReadonlySet<number>;
  readonly #kept = new Map<Axis, Int32Array>();
  readonly #name: (wanted: string) => string;
  /** Nodes to be put in front of others when all edits are done. */
  readonly #before = new Map<Node, Node[]>();
  /** Names that some node stopped reading. */
  readonly unread = new Set<string>();

  constructor(model: Model, units: Units, removed: ReadonlySet<number>) {
    this.#units = units;
    this.#removed = removed;
    this.#name = uniqueNames(model);
  }

  /** Positions of an axis that stay, in order. */
  kept(axis: Axis): Int32Array {
    const known = this.#kept.get(axis);
    if (known !== undefined) return known;
    const positions: number[] = [];
    axis.forEach((position, at) => {
      if (!this.#removed.has(this.#units.find(position))) positions.push(at);
    });
    const kept = Int32Array.from(positions);
    this.#kept.set(axis, kept);
    return kept;
  }

  size(axis: Axis): number {
    return this.kept(axis).length;
  }

  isCut(axis: Axis | undefined): axis is Axis {
    return axis !== undefined && this.size(axis) < axis.length;
  }

  uniqueName(wanted: string): string {
    return this.#name(wanted);
  }

  /** Adds an initialiser to the graph of a scope, under a name like the one given. */
  addTensor(scope: Scope, wanted: string, tensor: Omit<Tensor, "name">): string {
    const name = this.#name(wanted);
    scope.graph?.initializer.push({ ...tensor, name });
    return name;
  }

  addInts(scope: Scope, wanted: string, dims: number[], values: readonly number[]): string {
    const tensor = makeTensor("", "int64", dims, BigInt64Array.from(values, BigInt));
    return this.addTensor(scope, wanted, tensor);
  }

  /** Makes a node read something else. */
  setInput(node: Node, position: number, name: string): void {
    const old = node.input[position];
    if (old) this.unread.add(old);
    while (node.input.length <= position) node.input.push("");
    node.input[position] = name;
  }

  insertBefore(node: Node, fresh: Node): void {
    this.#before.set(node, [...(this.#before.get(node) ?? []), fresh]);
  }

  /** Puts the nodes that were made into the graphs. */
  finish(scopes: readonly Scope[]): void {
    if (this.#before.size === 0) return;
    for (const { body } of scopes) {
      body.node = body.node.flatMap((node) => [...(this.#before.get(node) ?? []), node]);
    }
  }
}
