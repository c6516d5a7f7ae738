import { EngineError } from "#engine/error.ts";
import type { Attribute, FunctionDef, Graph, Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";

/**
 * Nodes copied in all, calls of functions by functions included. Functions that call others twice multiply without
 * end; real models stay below 100,000 nodes.
 */
export const maxInlinedNodes = 200_000;
/** Graphs in graphs: readers of files end at 100 nested messages, which are three for each graph. */
const maxNesting = 30;
/** Nodes that a graph in a node costs beside its own: tables of names are made for each. */
const nodesPerGraph = 4;
/** Names, declarations and entries of lists that cost as much as one node more: most nodes have fewer. */
const namesPerNode = 16;
const entriesPerNode = 256;
const charactersPerNode = 1024;

/** Counts what inlining copies, before it is copied. */
export class Budget {
  #spent = 0;

  body(body: FunctionDef): void {
    const names = body.input.length + body.output.length + (body.valueInfo?.length ?? 0);
    this.#spend(1 + names / namesPerNode);
  }

  node(node: Node): void {
    let characters = node.name?.length ?? 0;
    for (const name of node.input) characters += name.length;
    for (const name of node.output) characters += name.length;
    this.#spend(1 + (node.input.length + node.output.length) / namesPerNode + characters / charactersPerNode);
  }

  /** @param depth graphs around, the main graph not counted */
  graph(graph: Graph, depth: number): void {
    if (depth > maxNesting) {
      throw exceeded(`${maxNesting} graphs in graphs`, say("functions.tooDeep", { most: maxNesting }));
    }
    const { input, output, valueInfo, initializer } = graph;
    const names = input.length + output.length + valueInfo.length + initializer.length;
    this.#spend(nodesPerGraph + names / namesPerNode);
  }

  attribute({ floats, ints, strings, tensors }: Attribute): void {
    let entries = 0;
    for (const list of [floats, ints, strings, tensors]) entries += list?.length ?? 0;
    this.#spend(entries / entriesPerNode);
  }

  #spend(nodes: number): void {
    this.#spent += nodes;
    if (this.#spent > maxInlinedNodes) throw tooManyNodes();
  }
}

export function tooManyNodes(): EngineError {
  return exceeded(`${maxInlinedNodes} nodes`, say("functions.tooManyNodes", { most: maxInlinedNodes }));
}

function exceeded(what: string, remark: EngineRemark): EngineError {
  const message = `The local functions stand for more than ${what}`;
  return new EngineError("limit-exceeded", message, "functions", { remark });
}
