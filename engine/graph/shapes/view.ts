import {
  floatAttribute,
  smallIntAttribute,
  smallIntsAttribute,
  stringAttribute,
  tensorAttribute,
} from "#engine/onnx/attributes.ts";
import type { Graph, Node, Tensor } from "#engine/onnx/model.ts";
import type { Dim, TensorInfo } from "./info.ts";
import { isNumbers } from "./info.ts";

/** Runs a subgraph with these inputs; `repeat` is how often it runs, undefined where that is not known. */
export type RunGraph = (
  graph: Graph,
  inputs: readonly (TensorInfo | undefined)[],
  options: { repeat: number | undefined; silent?: boolean },
) => (TensorInfo | undefined)[];

/** A node as a shape rule sees it. */
export class NodeView {
  readonly node: Node;
  /** Opset version of the node's domain. */
  readonly opset: number;
  readonly inputs: readonly (TensorInfo | undefined)[];
  readonly runGraph: RunGraph;

  constructor(node: Node, opset: number, inputs: readonly (TensorInfo | undefined)[], runGraph: RunGraph) {
    this.node = node;
    this.opset = opset;
    this.inputs = inputs;
    this.runGraph = runGraph;
  }

  has(position: number): boolean {
    return (this.node.input[position] ?? "") !== "";
  }

  shape(position: number): readonly Dim[] | undefined {
    return this.inputs[position]?.shape;
  }

  dtype(position: number): number | undefined {
    return this.inputs[position]?.dtype;
  }

  values(position: number): readonly Dim[] | undefined {
    return this.inputs[position]?.values;
  }

  /** Contents of an input where all of them are known numbers. */
  numbers(position: number): readonly number[] | undefined {
    const values = this.values(position);
    return isNumbers(values) ? values : undefined;
  }

  int(name: string): number | undefined {
    return smallIntAttribute(this.node, name);
  }

  ints(name: string): number[] | undefined {
    return smallIntsAttribute(this.node, name);
  }

  float(name: string): number | undefined {
    return floatAttribute(this.node, name);
  }

  string(name: string): string | undefined {
    return stringAttribute(this.node, name);
  }

  tensor(name: string): Tensor | undefined {
    return tensorAttribute(this.node, name);
  }

  graph(name: string): Graph | undefined {
    return this.node.attribute.find((attribute) => attribute.name === name)?.g;
  }

  /** Integers that older opsets give as an attribute and newer ones as an input. */
  intsOf(name: string, position: number): readonly number[] | undefined {
    return this.has(position) ? this.numbers(position) : this.ints(name);
  }
}

export type Rule = (view: NodeView) => readonly (TensorInfo | undefined)[];
