import type { Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isStandard, microsoftDomain } from "../domains.ts";
import { nodeRemark } from "../pass.ts";
import type { FloatNetwork } from "./float-network.ts";
import { fixedReason, hasBias, type Layer, layerOf, scaleLayer, scaleVector } from "./layers.ts";

/** The node that gives a value its channels, and everything between that has to be scaled with them. */
export interface ChannelSource {
  readonly node: Node;
  /** Where that node is a linear operator. */
  readonly layer: Layer | undefined;
  /** Constants of one number per channel. */
  readonly vectors: readonly Vector[];
}

interface Vector {
  readonly node: Node;
  readonly position: number;
}

/** f(s·x) = s·f(x) for s > 0, element by element. */
const homogeneous = new Set(["Relu", "LeakyRelu", "PRelu", "Identity"]);
/** As above, channel by channel where channels stand on axis 1. */
const pools = new Set(["MaxPool", "AveragePool", "GlobalAveragePool", "GlobalMaxPool"]);
/** Scale and shift, by position of the inputs. */
const affine: Readonly<Record<string, readonly number[]>> = {
  LayerNormalization: [1, 2],
  RMSNormalization: [1],
  SimplifiedLayerNormalization: [1],
  SkipLayerNormalization: [2, 3],
  SkipSimplifiedLayerNormalization: [2],
};

/** Nodes between two layers that are followed: networks have up to four. */
const longestWay = 16;

/**
 * Goes back from a value to the node whose output channels can be scaled, so that every channel of the value is
 * multiplied by a positive factor of its own and nothing else changes.
 *
 * @param readers all nodes that may read the value
 * @param channels how many there are
 * @param axis where they stand
 * @returns the reason where there is no such node
 */
export function channelSource(
  network: FloatNetwork,
  name: string,
  readers: ReadonlySet<Node>,
  channels: number,
  axis: Layer["channels"],
): ChannelSource | EngineRemark {
  const vectors: Vector[] = [];
  let at = name;
  for (let step = 0; step < longestWay; step++) {
    const value = network.value(at);
    const node = value?.producer;
    if (value === undefined || node === undefined)
      return say("quantize-static-preparations.noResult", { name: at });
    const inner = step === 0 ? network.isReadBy(at, readers) : network.isReadOnce(at);
    if (!inner) return say("quantize-static-preparations.readElsewhere", { name: at });
    if (value.position !== 0)
      return say("quantize-static-preparations.severalResults", { node: nodeRemark(node) });
    const layer = layerOf(network, node);
    if (layer !== undefined) {
      if (layer.channels !== axis || layer.outputs !== channels)
        return say("quantize-static-preparations.otherChannels", { name: at });
      const reason = fixedReason(network, layer, "outputs");
      return reason ?? { node, layer, vectors };
    }
    const end = axis === "last" ? vectorsOf(network, node, channels) : undefined;
    if (end !== undefined) return { node, layer: undefined, vectors: [...vectors, ...end] };
    const next = inputBehind(network, node, channels, axis);
    if (next === undefined) return blocking(node);
    if (next.vector !== undefined) vectors.push(next.vector);
    at = next.name;
  }
  return say("quantize-static-preparations.tooFar");
}

/** Constants that make up a node's output: of a normalisation, or of a product with a constant. */
function vectorsOf(network: FloatNetwork, node: Node, channels: number): Vector[] | undefined {
  if (!network.mayEdit(node) || !(isStandard(node) || node.domain === microsoftDomain)) return undefined;
  const isVector = (position: number) => network.isVector(node.input[position] ?? "", channels);
  if (node.opType === "Mul") {
    const position = node.input.findIndex((_, at) => isVector(at));
    return position < 0 ? undefined : [{ node, position }];
  }
  const positions = own(affine, node.opType);
  if (positions === undefined) return undefined;
  const given = positions.filter((position) => (node.input[position] ?? "") !== "");
  return given.length > 0 && given.every(isVector)
    ? given.map((position) => ({ node, position }))
    : undefined;
}

/** The input of a node of which every channel may be scaled in the place of the output's. */
function inputBehind(
  network: FloatNetwork,
  node: Node,
  channels: number,
  axis: Layer["channels"],
): { name: string; vector?: Vector } | undefined {
  const [first = "", slope = ""] = node.input;
  if (!isStandard(node)) return undefined;
  // A slope of its own for every channel would do as well, but none that follows another axis.
  if (node.opType === "PRelu" && network.tensor(slope)?.dims.every((size) => size === 1) !== true)
    return undefined;
  if (homogeneous.has(node.opType)) return { name: first };
  if (axis === "second") return pools.has(node.opType) ? { name: first } : undefined;
  if (node.opType !== "Add" || !network.mayEdit(node)) return undefined;
  const position = node.input.findIndex((name) => network.isVector(name, channels));
  if (position < 0 || node.input.length !== 2) return undefined;
  return { name: node.input[1 - position] ?? "", vector: { node, position } };
}

function blocking(node: Node): EngineRemark {
  const place = { node: nodeRemark(node) };
  if (node.opType === "BatchNormalization") return say("quantize-static-preparations.batchNormBefore", place);
  if (node.opType === "Clip") return say("quantize-static-preparations.clipBefore", place);
  return say("quantize-static-preparations.notScalable", place);
}

/** Multiplies every channel of the value that the source was found for. */
export function scaleSource(network: FloatNetwork, source: ChannelSource, factors: Float64Array): void {
  if (source.layer !== undefined) scaleLayer(network, source.layer, { outputs: factors });
  scaleVectors(network, source, factors);
}

export function scaleVectors(network: FloatNetwork, { vectors }: ChannelSource, factors: Float64Array): void {
  for (const { node, position } of vectors) scaleVector(network, node, position, factors);
}

/** The constants that are added on the way or belong to the layer: they are scaled with its outputs. */
export function addedConstants(source: ChannelSource): Vector[] {
  const { layer, vectors } = source;
  return layer !== undefined && hasBias(layer.node)
    ? [{ node: layer.node, position: 2 }, ...vectors]
    : [...vectors];
}
