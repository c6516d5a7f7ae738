import { namesCaptured, namesRead, topologicalOrder } from "#engine/graph/order.ts";
import { smallIntsAttribute, subgraphs } from "#engine/onnx/attributes.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { isStandard } from "#engine/passes/domains.ts";
import { removeUnused } from "#engine/passes/unused.ts";
import { Layout } from "./layout.ts";
import { compose, isPerm, keepsOrder } from "./perm.ts";
import { ruleOf, shuffleRuleOf } from "./rules/index.ts";

/** Nodes that move values in memory, before and after. */
export interface MovedTransposes {
  readonly before: number;
  readonly after: number;
}

/**
 * Moves the transpositions of a main graph towards its outputs, through everything that can work on what they are
 * transpositions of, so that those which undo each other disappear. What was converted from a format with the channels
 * last has one around each convolution; what is left of them stands at inputs, at outputs, and where a node needs its
 * values as they are. A product after flattening takes the order into its weights.
 *
 * @param model changed in place; opset 13 or later (axes of Squeeze as an input)
 */
export function moveTransposes(model: Model): MovedTransposes {
  const layout = new Layout(model);
  const { graph } = model;
  const { sorted } = topologicalOrder(graph);
  const before = count(sorted, layout);
  for (const node of sorted) {
    if (isStandard(node) && node.opType === "Transpose" && follow(node, layout)) continue;
    if (!isRewritten(node, layout)) {
      const input = node.input.map((name) => layout.asIs(name));
      // What graphs inside read has to have its own name.
      for (const graph of subgraphs(node)) for (const name of namesCaptured(graph)) layout.need(name);
      layout.nodes.push({ ...node, input });
    }
  }
  for (const { name } of graph.output) layout.need(name);
  const released = new Set(sorted.flatMap((node) => [...namesRead(node)]));
  graph.node = used(layout.nodes, new Set(graph.output.map(({ name }) => name)));
  removeUnused(model, released);
  const made = new Set(graph.node.flatMap(({ output }) => output));
  graph.valueInfo = graph.valueInfo.filter(({ name }) => made.has(name));
  return { before, after: count(graph.node, new Layout(model)) };
}

function isRewritten(node: Node, layout: Layout): boolean {
  if (!isStandard(node) || subgraphs(node).length > 0) return false;
  if (node.input.some((name) => layout.forms.has(name))) return ruleOf(node.opType)?.(node, layout) === true;
  if (layout.shuffles.has(node.input[0] ?? "")) return shuffleRuleOf(node.opType)?.(node, layout) === true;
  return false;
}

/** Remembers what a Transpose does instead of doing it. */
function follow(node: Node, layout: Layout): boolean {
  const [input = ""] = node.input;
  const [output = ""] = node.output;
  const rank = layout.dims(input)?.length;
  const perm =
    smallIntsAttribute(node, "perm") ?? Array.from({ length: rank ?? 0 }, (_, at) => (rank ?? 0) - 1 - at);
  if (rank === undefined || !isPerm(perm, rank)) return false;
  if (layout.constant(input) !== undefined) return false;
  if (layout.shuffles.has(input)) layout.need(input);
  const form = layout.forms.get(input);
  if (form === undefined) layout.setForm(output, input, perm);
  else layout.setForm(output, form.source, compose(form.perm, perm));
  return true;
}

function count(nodes: readonly Node[], layout: Layout): number {
  return nodes.filter((node) => {
    if (node.opType !== "Transpose" || !isStandard(node)) return false;
    const dims = layout.dims(node.input[0] ?? "");
    const perm = smallIntsAttribute(node, "perm");
    return dims === undefined || perm === undefined || !keepsOrder(perm, dims);
  }).length;
}

/** Nodes that something reads, in the order given. */
function used(nodes: readonly Node[], wanted: Set<string>): Node[] {
  const kept: Node[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.output.some((name) => wanted.has(name))) continue;
    kept.push(node);
    for (const name of namesRead(node)) wanted.add(name);
  }
  return kept.reverse();
}
