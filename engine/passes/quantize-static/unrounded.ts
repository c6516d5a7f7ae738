import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { nodeRemark } from "../pass.ts";
import type { FloatNetwork } from "./float-network.ts";

/** Operators that only move values: what they hand on is rounded where the value itself is. */
const movers = new Set([
  "Reshape",
  "Transpose",
  "Squeeze",
  "Unsqueeze",
  "Identity",
  "Flatten",
  "Slice",
  "Gather",
]);
/** Operators that make one number of one number. */
const elementwise = new Set(["Relu", "LeakyRelu", "PRelu", "Clip"]);
/** ONNX Runtime has no integer kernel of these on processors: they compute in float32 either way. */
const normalisations = new Set(["LayerNormalization", "InstanceNormalization", "BatchNormalization"]);

/** Nodes that are followed: networks have up to four. */
const longestWay = 16;

/** What must not be rounded so that a node may read a value as it was computed. */
export interface Unrounded {
  /** Nodes between what computes the value and the reader. They read as it does. */
  readonly between: readonly Node[];
  /** Nodes that stay in float32: those between, the normalisation before them, sums that read the value too. */
  readonly floats: readonly Node[];
}

/**
 * Goes back from a value to the node that computes it. The residual sums beside the way are found as well: a channel that
 * dwarfs the others makes them as hard to quantise, and after the sum a normalisation reads what is left of the others.
 *
 * @param chosen nodes that are to be quantised
 * @param source why nothing before the value can be scaled in its place
 * @returns the reason, with that one, where what computes it would lose its integer kernel
 */
export function unroundedWay(
  network: FloatNetwork,
  chosen: ReadonlySet<Node>,
  name: string,
  source: EngineRemark,
): Unrounded | EngineRemark {
  const between: Node[] = [];
  const sums: Node[] = [];
  const found = (...origin: Node[]) => ({ between, floats: [...between, ...origin, ...sums] });
  let at = name;
  for (let step = 0; step < longestWay; step++) {
    sums.push(...sumsOf(network, at));
    const node = network.value(at)?.producer;
    if (node === undefined) return found();
    const behind = inputOf(network, node);
    if (behind === undefined) {
      if (!chosen.has(node)) return found();
      if (normalisations.has(node.opType)) return found(node);
      return say("quantize-static-preparations.roundsFirst", { reason: source, node: nodeRemark(node) });
    }
    between.push(node);
    at = behind;
  }
  return say("quantize-static-preparations.wayTooLong", { reason: source });
}

/** The activation that a node hands on; undefined where it computes something of its own. */
function inputOf(network: FloatNetwork, node: Node): string | undefined {
  if (!isStandard(node)) return undefined;
  const [first = "", second = ""] = node.input;
  if (isMover(node) || elementwise.has(node.opType)) return isConstant(network, first) ? undefined : first;
  if (node.opType !== "Add" && node.opType !== "Mul") return undefined;
  if (isConstant(network, first) === isConstant(network, second)) return undefined;
  return isConstant(network, first) ? second : first;
}

/** Sums of a value and another activation. */
function sumsOf(network: FloatNetwork, name: string): Node[] {
  const uses = network.value(name)?.uses ?? [];
  return uses
    .filter(({ node, scope }) => scope === network.main && node.opType === "Add" && isStandard(node))
    .map(({ node }) => node)
    .filter(({ input }) => !input.some((other) => isConstant(network, other)));
}

export function isMover(node: Node): boolean {
  return isStandard(node) && movers.has(node.opType);
}

function isConstant(network: FloatNetwork, name: string): boolean {
  return network.tensor(name) !== undefined || network.value(name)?.initializer !== undefined;
}
