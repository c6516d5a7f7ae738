import type { Node } from "#engine/onnx/model.ts";
import type { Draft } from "./draft.ts";

/** How one value will be quantised in QDQ format. */
export interface Mark {
  readonly kind: "activation" | "weight";
  /** Axis of the channels of a weight. */
  readonly axis?: number | undefined;
  /** Value whose scale and zero point this one shares: the operator only moves values around. */
  readonly like?: string;
}

/** A bias that becomes int32 with the scale of the products that it is added to. */
export interface BiasMark {
  readonly node: Node;
  readonly input: string;
  readonly weight: string;
  /** See `quantizeBias`. */
  readonly factor: number;
  /** By which the operator multiplies the bias; it is multiplied in. */
  readonly multiplier: number;
}

/** What the operators of a model ask to be quantised, in the order in which they ask: that decides names and order. */
export class Marks {
  readonly draft: Draft;
  readonly tensors = new Map<string, Mark>();
  readonly biases = new Map<string, BiasMark>();
  readonly removed = new Set<Node>();

  constructor(draft: Draft) {
    this.draft = draft;
  }

  has(name: string): boolean {
    return this.tensors.has(name) || this.biases.has(name);
  }

  #canBe(name: string): boolean {
    if (name === "" || !this.draft.isFloat(name)) return false;
    if (this.draft.initializer(name) !== undefined) return true;
    const { index, scope } = this.draft;
    const value = index.values(scope).get(name);
    // An input that is an output as well, or a value of the graph around, has no node where a pair could stand between.
    if (value === undefined) return !index.resolve(scope, name)?.outputOf.includes(scope);
    return !(value.isOutput && value.producer === undefined);
  }

  activation(name: string): void {
    if (this.tensors.has(name) || !this.#canBe(name)) return;
    if (this.draft.initializer(name) === undefined && !this.draft.ranges.has(name)) return;
    this.tensors.set(name, { kind: "activation" });
  }

  /**
   * Marks an input of a node that is its weight. Kernels take channels on one axis only: a node that needs them on
   * another than the nodes before it gets a copy.
   *
   * @param axis of the channels, where they are to have scales of their own
   */
  weight(node: Node, position: number, axis?: number): void {
    const name = node.input[position] ?? "";
    const tensor = this.draft.initializer(name);
    if (tensor === undefined) {
      this.activation(name);
      return;
    }
    if (!this.draft.options.per_channel || axis === undefined || axis >= tensor.dims.length) {
      if (!this.tensors.has(name)) this.tensors.set(name, { kind: "weight" });
      return;
    }
    const other = this.tensors.get(name)?.axis;
    const own = other === undefined || other === axis ? name : this.own(node, position);
    this.tensors.set(own, { kind: "weight", axis });
  }

  /** The output shares scale and zero point with the input. */
  like(output: string, input: string): void {
    if (this.#canBe(output) && this.draft.initializer(output) === undefined) {
      this.tensors.set(output, { kind: "activation", like: input });
    }
  }

  /** Marks input 2 of a node. A bias that another node reads too becomes a copy: its scale depends on the node. */
  bias(node: Node, factor = 1, multiplier = 1): void {
    const [input = "", weight = "", name = ""] = node.input;
    if (this.draft.initializer(name) === undefined) return;
    const own = this.has(name) || multiplier !== 1 ? this.own(node, 2) : name;
    this.biases.set(own, { node, input, weight, factor, multiplier });
  }

  /** Gives a node an input of its own with the same values. */
  own(node: Node, position: number): string {
    const own = this.draft.copyInitializer(node.input[position] ?? "");
    node.input = node.input.map((input, at) => (at === position ? own : input));
    return own;
  }
}
