import { failure } from "#engine/failure.ts";
import { nodePlace } from "#engine/graph/scope.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { isStandard } from "#engine/passes/domains.ts";
import { say } from "#engine/say.ts";
import type { Emitter } from "./emitter.ts";
import type { ForwardGraph } from "./forward.ts";
import type { Operand } from "./operand.ts";
import { Site } from "./rule.ts";
import { rules } from "./rules/index.ts";
import { reshape } from "./tensors.ts";

/**
 * Reverse-mode differentiation: appends the nodes that compute the gradients of some values to `emit`.
 *
 * Only nodes that lie between a wanted value and a seed are looked at: what is frozen costs nothing, and needs no rule.
 *
 * @param seeds gradients of the loss with respect to values of the graph, such as its outputs
 * @param wanted values whose gradients are asked for
 * @returns the gradient of each wanted value that the seeds depend on
 * @throws EngineError "not-differentiable" naming the node and the operator that has no rule
 */
export function differentiate(
  forward: ForwardGraph,
  emit: Emitter,
  seeds: ReadonlyMap<string, Operand>,
  wanted: Iterable<string>,
): Map<string, Operand> {
  const targets = new Set(wanted);
  const active = dependents(forward, targets);
  const parts = new Map<string, Operand[]>([...seeds].map(([name, seed]) => [name, [seed]]));
  const gradients = new Map<string, Operand>();
  const gradientOf = (name: string): Operand | undefined => {
    const known = gradients.get(name) ?? total(emit, parts.get(name) ?? []);
    if (known !== undefined) gradients.set(name, known);
    return known;
  };
  for (const node of forward.nodes.toReversed()) {
    if (!node.input.some((name) => active.has(name))) continue;
    const upstream = node.output.map((name) => (active.has(name) ? gradientOf(name) : undefined));
    if (upstream.every((gradient) => gradient === undefined)) continue;
    const found = applyRule(forward, emit, node, upstream, active);
    node.input.forEach((name, position) => {
      const gradient = found[position];
      if (gradient === undefined || !active.has(name)) return;
      parts.set(name, [...(parts.get(name) ?? []), gradient]);
    });
  }
  return new Map(
    [...targets].flatMap((name) => {
      const gradient = gradientOf(name);
      return gradient === undefined ? [] : [[name, gradient] as const];
    }),
  );
}

/** The wanted values and everything that is computed from them. */
function dependents(forward: ForwardGraph, targets: ReadonlySet<string>): Set<string> {
  const active = new Set(targets);
  for (const node of forward.nodes) {
    if (node.input.some((name) => active.has(name)))
      for (const name of node.output) if (name !== "") active.add(name);
  }
  return active;
}

/** A value that several nodes read has the sum of what flows back from each. */
function total(emit: Emitter, parts: readonly Operand[]): Operand | undefined {
  const [first] = parts;
  if (first === undefined || parts.length === 1) return first;
  return emit.op(parts.length === 2 ? "Add" : "Sum", parts, first.dims);
}

function applyRule(
  forward: ForwardGraph,
  emit: Emitter,
  node: Node,
  upstream: readonly (Operand | undefined)[],
  active: ReadonlySet<string>,
): readonly (Operand | undefined)[] {
  const rule = isStandard(node) && subgraphs(node).length === 0 ? own(rules, node.opType) : undefined;
  if (rule === undefined) {
    const domain = isStandard(node) ? "" : ` of ${node.domain}`;
    const op = `${node.opType}${domain}`;
    throw failure("not-differentiable", say("training.noRule", { op }), nodePlace(node));
  }
  const inputs = node.input.map((name) => (name === "" ? undefined : forward.known(name)));
  const outputs = node.output.map((name) => (name === "" ? undefined : forward.known(name)));
  const wanted = node.input.map((name) => active.has(name));
  const site = new Site(node, inputs, outputs, wanted, (name) => emit.name(name));
  const found = rule(site, upstream, emit);
  return found.map((gradient, position) => {
    const input = inputs[position];
    return gradient && input && wanted[position] ? reshape(emit, gradient, input.dims) : undefined;
  });
}
