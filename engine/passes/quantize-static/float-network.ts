import { indexModel, type ModelIndex, type Use, type Value } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { findConstant, isFloat32 } from "../constants.ts";
import { isStandard } from "../domains.ts";
import { dropInputs } from "../initializers.ts";
import { leftOut, type Selection } from "../quantization/nodes.ts";

/**
 * The main graph before it is quantised, and edits of its float32 constants. Nodes keep their places and values their
 * names, so that the index stays right for everything but the constants, which `tensor` gives as they are now.
 */
export class FloatNetwork {
  readonly model: Model;
  readonly index: ModelIndex;
  readonly main: Scope;
  /** Constants that a node stopped reading. */
  readonly released: string[] = [];
  /** Inputs that held defaults which have changed. */
  readonly dropped: string[] = [];
  readonly #selection: Selection;
  readonly #fresh = new Map<string, Tensor>();
  #name: ((wanted: string) => string) | undefined;

  constructor(model: Model, selection: Selection) {
    this.model = model;
    this.index = indexModel(model);
    const [main] = this.index.scopes;
    if (main === undefined) throw new Error("a model has a main graph");
    this.main = main;
    this.#selection = selection;
  }

  value(name: string): Value | undefined {
    return name === "" ? undefined : this.index.values(this.main).get(name);
  }

  /** A float32 initialiser, or one that Identity nodes hand on. */
  tensor(name: string): Tensor | undefined {
    const fresh = this.#fresh.get(name);
    if (fresh !== undefined) return fresh;
    const value = this.value(name);
    const tensor = value?.initializer ?? (value === undefined ? undefined : this.#handedOn(name));
    return tensor !== undefined && isFloat32(tensor) ? tensor : undefined;
  }

  #handedOn(name: string): Tensor | undefined {
    const constant = findConstant(this.index, this.main, name);
    return constant?.transposed ? undefined : constant?.tensor;
  }

  /** Whether one node alone reads an initialiser. */
  isOwn(name: string): boolean {
    const value = this.value(name);
    if (value === undefined) return this.#fresh.has(name);
    return value.initializer !== undefined && this.isReadOnce(name);
  }

  /**
   * Whether the nodes given are the only readers of what a value holds, all of them in the main graph and as input 0.
   * Shape does not read that.
   */
  isReadBy(name: string, nodes: ReadonlySet<Node>): boolean {
    return this.#isInner(name, ({ node, position }) =>
      node.opType === "Shape" && isStandard(node) ? true : position === 0 && nodes.has(node),
    );
  }

  /** Whether a value is read in one place alone. */
  isReadOnce(name: string): boolean {
    return this.value(name)?.uses.length === 1 && this.#isInner(name, () => true);
  }

  #isInner(name: string, each: (use: Use) => boolean): boolean {
    const value = this.value(name);
    if (value === undefined || value.isOutput || value.outputOf.length > 0) return false;
    return value.uses.every((use) => use.scope === this.main && each(use));
  }

  /** The options leave it to the quantiser to change this node. */
  mayEdit(node: Node): boolean {
    return leftOut(node, this.#selection) === undefined;
  }

  valueName(wanted: string): string {
    this.#name ??= uniqueNames(this.model);
    return this.#name(wanted);
  }

  /** Lets a node read other numbers; where others read the old ones too, it gets a constant of its own. */
  replace(node: Node, position: number, dims: number[], values: Float32Array): void {
    const old = node.input[position] ?? "";
    const own = old !== "" && this.tensor(old) !== undefined && this.isOwn(old);
    const name = own ? old : this.valueName(old || `${node.output[0] ?? ""}_bias`);
    const tensor = makeTensor(name, "float32", dims, values);
    const { initializer } = this.model.graph;
    const at = own ? initializer.findIndex((entry) => entry.name === name) : -1;
    if (at >= 0) initializer[at] = tensor;
    else initializer.push(tensor);
    this.#fresh.set(name, tensor);
    if (own) {
      // A caller who set the old default anew would no longer get what it was.
      if (this.value(name)?.isInput) this.dropped.push(name);
      dropInputs(this.model.graph, new Set([name]));
      return;
    }
    const input = [...node.input];
    while (input.length <= position) input.push("");
    input[position] = name;
    node.input = input;
    if (old !== "") this.released.push(old);
  }

  /** Changes a constant whose last axis is the channels, or that is one number for all of them. */
  changeVector(
    node: Node,
    position: number,
    channels: number,
    change: (value: number, channel: number) => number,
  ): void {
    const tensor = this.tensor(node.input[position] ?? "");
    if (tensor === undefined) return;
    const values = readFloats(tensor);
    const single = values.length === 1;
    // The rank stays: it may be that of the result.
    const dims = single ? [...tensor.dims.slice(1), channels] : [...tensor.dims];
    const fresh = single ? new Float32Array(channels).fill(values[0] ?? 0) : values;
    this.replace(
      node,
      position,
      dims,
      fresh.map((value, at) => change(value, at % channels)),
    );
  }

  /** Whether `changeVector` can do it. */
  isVector(name: string, channels: number): boolean {
    const tensor = this.tensor(name);
    if (tensor === undefined) return false;
    const count = tensor.dims.reduce((a, b) => a * b, 1);
    return count === 1 || tensor.dims.at(-1) === channels;
  }
}
