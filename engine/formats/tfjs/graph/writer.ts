import { makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { quote } from "#engine/onnx/quote.ts";
import { exceeded } from "../artifact/fault.ts";
import { maxNodes } from "../artifact/limits.ts";
import type { Signal } from "./signal.ts";

const opset = 18;
const irVersion = 8;

/** Gathers the nodes and constants of a graph; every name it gives is unique. */
export class GraphWriter {
  readonly #nodes: Node[] = [];
  readonly #initializers: Tensor[] = [];
  readonly #names = new Map<string, number>();
  readonly #shared = new Map<string, string>();

  /** @param reserved names of inputs and outputs, which nothing else may take */
  constructor(reserved: Iterable<string>) {
    for (const name of reserved) this.#names.set(name, 1);
  }

  /** The name itself, or with a number behind it where it is taken. */
  unique(wanted: string): string {
    let number = this.#names.get(wanted);
    if (number === undefined) {
      this.#names.set(wanted, 1);
      return wanted;
    }
    while (this.#names.has(`${wanted}_${number}`)) number++;
    this.#names.set(wanted, number + 1);
    this.#names.set(`${wanted}_${number}`, 1);
    return `${wanted}_${number}`;
  }

  /**
   * Appends a node and gives the name of its output.
   *
   * @param scope name of the layer or node of the source
   */
  node(
    opType: string,
    inputs: readonly string[],
    scope: string,
    attribute: Attribute[] = [],
    name = `${scope}/${opType}`,
  ): string {
    return this.nodeOf(opType, inputs, scope, [true], attribute, name)[0] ?? "";
  }

  /** Appends a node with several outputs; "" stands for those that nobody wants. */
  nodeOf(
    opType: string,
    inputs: readonly string[],
    scope: string,
    wanted: readonly boolean[],
    attribute: Attribute[] = [],
    wantedName = `${scope}/${opType}`,
  ): string[] {
    if (this.#nodes.length >= maxNodes) throw exceeded(`It takes more than ${maxNodes} nodes`, quote(scope));
    const name = this.unique(wantedName);
    const several = wanted.length > 1;
    const outputs = wanted.map((isWanted, at) => {
      if (!isWanted) return "";
      return several ? this.unique(`${name}:${at}`) : name;
    });
    this.#nodes.push(makeNode(opType, [...inputs], outputs, { name, attribute }));
    return outputs;
  }

  /** A constant, unless one was made under the same key before. */
  constant(key: string, wanted: string, make: (name: string) => Tensor): string {
    const known = this.#shared.get(key);
    if (known !== undefined) return known;
    const name = this.unique(wanted);
    this.#initializers.push(make(name));
    this.#shared.set(key, name);
    return name;
  }

  /** A list of int64, or a scalar; the same for all that need these numbers. */
  ints(values: readonly number[] | number): string {
    const list = typeof values === "number" ? [values] : values;
    const dims = typeof values === "number" ? [] : [list.length];
    const wanted = `int64_${list.slice(0, 8).join("_")}`;
    return this.constant(`int64 ${JSON.stringify(values)}`, wanted, (name) =>
      makeTensor(name, "int64", dims, BigInt64Array.from(list, BigInt)),
    );
  }

  /** A scalar of float32. */
  float(value: number): string {
    return this.constant(`float32 ${Object.is(value, -0) ? "-0" : value}`, `float32_${value}`, (name) =>
      makeTensor(name, "float32", [], Float32Array.of(value)),
    );
  }

  /** The model; its outputs get the names that the source gives them. */
  finish(
    name: string,
    inputs: readonly Signal[],
    outputs: readonly { readonly name: string; readonly from: Signal }[],
  ): Model {
    const inputNames = new Set(inputs.map((input) => input.name));
    const renamed = new Map<string, string>();
    const made = new Set(this.#nodes.flatMap((node) => node.output));
    for (const { name: wanted, from } of outputs) {
      if (made.has(from.name) && !renamed.has(from.name)) renamed.set(from.name, wanted);
    }
    const current = (value: string) => renamed.get(value) ?? value;
    for (const node of this.#nodes) {
      node.input = node.input.map(current);
      node.output = node.output.map(current);
    }
    for (const { name: wanted, from } of outputs) {
      if (current(from.name) === wanted || (from.name === wanted && inputNames.has(wanted))) continue;
      this.#nodes.push(
        makeNode("Identity", [current(from.name)], [wanted], { name: this.unique(`${wanted}/Identity`) }),
      );
    }
    const { nodes, initializers } = this.#needed(outputs.map((output) => output.name));
    return makeModel(
      makeGraph({
        name,
        node: nodes,
        input: inputs.map((input) => makeValue(input.name, input.dtype, input.dims)),
        output: outputs.map(({ name: wanted, from }) => makeValue(wanted, from.dtype, from.dims)),
        initializer: initializers,
      }),
      { opset, irVersion },
    );
  }

  /** What the outputs depend on: arithmetic of shapes that became constants is read by nobody. */
  #needed(outputs: readonly string[]): { nodes: Node[]; initializers: Tensor[] } {
    const read = new Set(outputs);
    const nodes: Node[] = [];
    for (const node of this.#nodes.toReversed()) {
      if (!node.output.some((output) => read.has(output))) continue;
      nodes.push(node);
      for (const input of node.input) read.add(input);
    }
    const initializers = this.#initializers.filter((tensor) => read.has(tensor.name ?? ""));
    return { nodes: nodes.reverse(), initializers };
  }
}
