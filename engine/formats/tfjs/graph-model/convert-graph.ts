import { plain, quote } from "#engine/onnx/quote.ts";
import { own } from "#engine/own.ts";
import { type Converted, Missing } from "../../source.ts";
import type { ModelJson } from "../artifact/artifact.schema.ts";
import { malformed } from "../artifact/fault.ts";
import type { Weights } from "../artifact/weights.ts";
import { type Signal, signal } from "../graph/signal.ts";
import { GraphWriter } from "../graph/writer.ts";
import { Refused } from "../layers/call.ts";
import { type OpCall, used } from "./call.ts";
import { opRules } from "./ops/index.ts";
import {
  type Edge,
  type GraphNode,
  inputDims,
  type Port,
  readGraph,
  type SourceGraph,
} from "./read-graph.ts";
import { constantValue, type Value } from "./value.ts";

/** Outputs of a node, or undefined where something before it is missing. */
type Results = readonly Value[] | undefined;

/**
 * A GraphModel as an ONNX graph: what its outputs depend on.
 *
 * @throws EngineError "malformed", "limit-exceeded"; "unsupported" with every operator that is missing
 */
export function convertGraph(json: ModelJson, weights: Weights): Converted {
  const source = readGraph(json);
  const conversion = new GraphConversion(source, weights);
  return { model: conversion.run(), operators: Object.fromEntries(conversion.counts), notes: [] };
}

class GraphConversion {
  readonly counts = new Map<string, number>();
  readonly #source: SourceGraph;
  readonly #weights: Weights;
  readonly #missing = new Missing();
  readonly #writer: GraphWriter;
  readonly #inputs: Signal[] = [];
  readonly #results = new Map<string, Results>();

  constructor(source: SourceGraph, weights: Weights) {
    this.#source = source;
    this.#weights = weights;
    this.#writer = new GraphWriter([...source.inputs, ...source.outputs].map(({ name }) => name));
  }

  run() {
    for (const port of this.#source.inputs) this.#input(port);
    for (const { edge, name } of this.#source.outputs) this.#resolve(edge, quote(name));
    this.#missing.check();
    const outputs = this.#source.outputs.map(({ name, edge }) => {
      const place = quote(name);
      const value = this.#valueAt(edge, place);
      if (value === undefined) throw malformed("It has no value", place);
      return { name, from: used(this.#call(this.#nodeOf(edge, place), []), value) };
    });
    return this.#writer.finish("graph", this.#inputs, outputs);
  }

  #input(port: Port): void {
    const node = this.#nodeOf(port.edge, quote(port.name));
    try {
      const dtype = port.dtype ?? node.attributes.type("dtype");
      if (dtype === undefined) throw new Refused("Inputs that are not numbers");
      const made = signal(port.name, inputDims(port, node), dtype);
      this.#inputs.push(made);
      this.#results.set(node.name, [made]);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#missing.add(error.message, node.place);
      this.#results.set(node.name, undefined);
    }
  }

  #nodeOf({ node }: Edge, by: string): GraphNode {
    const found = this.#source.nodes.get(node);
    if (found === undefined) throw malformed(`It reads node ${quote(node)}, which is not there`, by);
    return found;
  }

  /** Without recursion: a chain of nodes may be long. */
  #resolve(wanted: Edge, by: string): void {
    const stack = [{ node: this.#nodeOf(wanted, by), isOpen: false }];
    const open = new Set<string>();
    for (let step = stack.at(-1); step !== undefined; step = stack.at(-1)) {
      const { node } = step;
      if (this.#results.has(node.name)) {
        stack.pop();
      } else if (!step.isOpen) {
        step.isOpen = true;
        open.add(node.name);
        for (const edge of node.inputs) {
          if (open.has(edge.node)) throw malformed("It depends on its own result", node.place);
          if (!this.#results.has(edge.node))
            stack.push({ node: this.#nodeOf(edge, node.place), isOpen: false });
        }
      } else {
        stack.pop();
        open.delete(node.name);
        this.#results.set(node.name, this.#apply(node));
      }
    }
  }

  #valueAt({ node, output }: Edge, by: string): Value | undefined {
    const results = this.#results.get(node);
    if (results === undefined) return undefined;
    const value = results[output];
    if (value === undefined)
      throw malformed(`It reads result ${output} of a node with ${results.length}`, by);
    return value;
  }

  #apply(node: GraphNode): Results {
    const name = plain(node.op);
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
    if (node.op === "Const") return this.#constant(node);
    const rule = own(opRules, node.op);
    if (rule === undefined) {
      this.#missing.add(name, node.place);
      return undefined;
    }
    const inputs = node.inputs.flatMap((edge) => this.#valueAt(edge, node.place) ?? []);
    if (inputs.length < node.inputs.length) return undefined;
    try {
      return rule(this.#call(node, inputs));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      this.#missing.add(plain(error.message), node.place);
      return undefined;
    }
  }

  #call({ name, op, place, attributes }: GraphNode, inputs: readonly Value[]): OpCall {
    return { op, scope: name, place, inputs, attributes, writer: this.#writer };
  }

  #constant(node: GraphNode): Results {
    if (!this.#weights.has(node.name))
      throw malformed("The manifest has no values for this constant", node.place);
    const weight = this.#weights.get(node.name);
    if (weight !== undefined) return [constantValue(weight)];
    this.#missing.add("Constants that are not numbers", node.place);
    return undefined;
  }
}
