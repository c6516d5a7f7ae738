import type { Scope } from "#engine/graph/scope.ts";
import {
  makeInt,
  makeInts,
  makeNode,
  setAttribute,
  smallIntAttribute,
  smallIntsAttribute,
  subgraphs,
} from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Graph, Node, ValueInfo } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { isStandard } from "../domains.ts";
import { emptyList, flatten, type List, type Names } from "./log.ts";

/** A node with a subgraph that makes a list. ONNX Runtime wants all outputs of such a node to be named. */
interface Place {
  readonly node: Node;
  readonly inner: Graph;
  readonly around: Graph;
  readonly opset: number;
  readonly names: Names;
}

/** Whether the node that holds a subgraph is one that can hand out what is inside of it. */
export function canHandOut({ owner, opsets }: Scope): boolean {
  if (owner === undefined || !isStandard(owner) || own(ways, owner.opType) === undefined) return false;
  return owner.opType !== "Scan" || (opsets.get("") ?? 1) >= scanOpset;
}

/**
 * Gives the node that holds a subgraph one more output: a list that the subgraph makes, joined over all times that it
 * ran, which the graph around can read.
 *
 * @returns the joined list; undefined where the node is malformed
 */
export function handOut(list: List, scope: Scope, names: Names): List | undefined {
  const { owner: node, graph: inner } = scope;
  const around = scope.parent?.graph;
  if (node === undefined || inner === undefined || around === undefined) return undefined;
  const opset = scope.opsets.get("") ?? 1;
  return own(ways, node.opType)?.(list, { node, inner, around, opset, names });
}

/** Before, Scan took batches of sequences, and filled up what it gave for those that are shorter. */
const scanOpset = 9;

type Way = (list: List, place: Place) => List | undefined;

const typed = ({ name, dtype }: List): ValueInfo => makeValue(name, dtype);

/** The other branch makes an empty list. */
const branch: Way = (list, { node, inner, names }) => {
  for (const graph of subgraphs(node)) {
    const made = graph === inner ? list : { ...list, name: names(`${list.name}_none`) };
    if (graph !== inner) graph.node.push(emptyList(made));
    graph.output.push(typed(made));
  }
  const joined = { ...list, name: names(list.name) };
  node.output.push(joined.name);
  return joined;
};

/** Since then the state of a Loop may be a sequence of tensors. */
const sequenceOpset = 13;

/** One more state of the loop gathers the lists: as a sequence, which is cheap, or joined at once. */
const loop: Way = (list, { node, inner, around, opset, names }) => {
  const states = inner.input.length - 2;
  if (states < 0 || inner.output.length < states + 1) return undefined;
  const [start, before, after, joined] = ["start", "before", "after", "joined"].map((part) =>
    names(`${list.name}_${part}`),
  ) as [string, string, string, string];
  const asSequence = opset >= sequenceOpset;
  const state = (name: string) => (asSequence ? sequence(name, list) : typed({ ...list, name }));
  inner.node.push(
    asSequence
      ? makeNode("SequenceInsert", [before, list.name], [after])
      : makeNode("Concat", [before, list.name], [after], { attribute: [makeInt("axis", 0)] }),
  );
  inner.input.push(state(before));
  inner.output.splice(states + 1, 0, state(after));
  node.input.push(start);
  node.output.splice(states, 0, joined);
  if (!asSequence) {
    around.node.unshift(emptyList({ ...list, name: start }));
    return { ...list, name: joined };
  }
  const [nothing, flat] = [names(`${list.name}_none`), names(`${list.name}_flat`)];
  around.node.unshift(
    emptyList({ ...list, name: nothing }),
    makeNode("SequenceConstruct", [nothing], [start]),
  );
  around.node.push(makeNode("ConcatFromSequence", [joined], [flat], { attribute: [makeInt("axis", 0)] }));
  return { ...list, name: flat };
};

function sequence(name: string, { dtype }: List): ValueInfo {
  const elemType = { tensorType: { elemType: dtypes[dtype].code } };
  return { name, type: { sequenceType: { elemType } } };
}

/** One more output, for which the lists of all turns must have one length: they are stacked. */
const scan: Way = (list, { node, inner, around, names }) => {
  const inputs = smallIntAttribute(node, "num_scan_inputs");
  const stackedOutputs = inner.output.length - (inner.input.length - (inputs ?? 0));
  if (inputs === undefined || stackedOutputs < 0) return undefined;
  for (const name of ["scan_output_axes", "scan_output_directions"]) {
    const given = smallIntsAttribute(node, name);
    if (given !== undefined) setAttribute(node, makeInts(name, [...given, 0]));
  }
  const stacked = names(`${list.name}_stacked`);
  node.output.push(stacked);
  inner.output.push(typed(list));
  const flat = names(`${list.name}_flat`);
  flatten(around, stacked, flat, names);
  return { ...list, name: flat };
};

const ways: Readonly<Record<string, Way>> = { If: branch, Loop: loop, Scan: scan };
