import { readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { type Change, nodeRemark, reportName, type Skip, wholeModel } from "../pass.ts";
import { addedConstants, type ChannelSource, channelSource, scaleVectors } from "./channel-source.ts";
import type { FloatNetwork } from "./float-network.ts";
import { fixedReason, isLinear, type Layer, largestOf, layerOf, notPlain, scaleLayer } from "./layers.ts";

/** Two layers with nothing between them that would notice a factor per channel. */
interface Pair {
  readonly source: ChannelSource;
  readonly first: Layer;
  readonly second: Layer;
  /** Of each channel, from 0 upwards: the first layer is divided by it, the second multiplied. */
  readonly factors: Float64Array;
}

/** Rounds at most; networks of a dozen layers need about ten. */
const maxRounds = 30;
/** Ranges within a thousandth of each other are equal enough. */
const tolerance = 1e-3;

/**
 * Cross-layer equalisation (Nagel et al. 2019, section 4.1): for f(s·x) = s·f(x), W₂·f(W₁x + b₁) stays the same when
 * output channel i of the first layer is divided by s_i and input channel i of the second multiplied. With
 * s_i = √(r1_i · r2_i) / r2_i, where r_i = max|W_i|, both ranges become √(r1_i · r2_i), which makes the sum of what
 * the channels get of the two tensors' ranges largest. Pairs are taken in turn until nothing moves.
 *
 * @param chosen nodes that are to be quantised
 */
export function equalize(
  network: FloatNetwork,
  chosen: ReadonlySet<Node>,
): { changed: Change[]; skipped: Skip[] } {
  const { pairs, skipped } = pairsOf(network, chosen);
  if (pairs.length === 0) {
    const reason = say("quantize-static-preparations.noPairs");
    return { changed: [], skipped: [{ name: wholeModel, reason }, ...skipped] };
  }
  settle(network, pairs);
  const changed = pairs.map(({ first, second, factors }) => ({
    name: reportName(second.node),
    what: say("quantize-static-preparations.equalized", {
      op: second.node.opType,
      count: factors.length,
      node: nodeRemark(first.node),
    }),
  }));
  apply(network, pairs);
  return { changed, skipped };
}

function pairsOf(network: FloatNetwork, chosen: ReadonlySet<Node>): { pairs: Pair[]; skipped: Skip[] } {
  const pairs: Pair[] = [];
  const skipped: Skip[] = [];
  for (const node of network.model.graph.node) {
    if (!chosen.has(node) || !isLinear(node)) continue;
    const second = layerOf(network, node);
    const found = second === undefined ? notPlain : firstOf(network, chosen, second);
    if (isRemark(found)) {
      skipped.push({
        name: reportName(node),
        reason: say("quantize-static-preparations.notEqualized", { reason: found }),
      });
    } else pairs.push(found);
  }
  return { pairs, skipped };
}

function firstOf(network: FloatNetwork, chosen: ReadonlySet<Node>, second: Layer): Pair | EngineRemark {
  const reason = fixedReason(network, second, "inputs");
  if (reason !== undefined) return reason;
  const name = second.node.input[0] ?? "";
  const source = channelSource(network, name, new Set([second.node]), second.inputs, second.channels);
  if (isRemark(source)) return source;
  const { layer: first, node } = source;
  const place = { node: nodeRemark(node) };
  if (first === undefined) return say("quantize-static-preparations.noLayer", place);
  if (!chosen.has(node)) return say("quantize-static-preparations.sourceFloat", place);
  return { source, first, second, factors: new Float64Array(second.inputs).fill(1) };
}

/** Finds the factors of all pairs. The weights themselves stay until the end, so that they are rounded once. */
function settle(network: FloatNetwork, pairs: readonly Pair[]): void {
  const before = new Map(pairs.map((pair) => [pair.second.node, pair.factors]));
  const after = new Map(pairs.map((pair) => [pair.first.node, pair.factors]));
  const limits = new Map(pairs.map((pair) => [pair, largestConstants(network, pair)]));
  const factorsOf = ({ node }: Layer) => ({
    inputs: before.get(node),
    outputs: after.get(node)?.map((factor) => 1 / factor),
  });
  for (let round = 0; round < maxRounds; round++) {
    let moved = 0;
    for (const pair of pairs) {
      const r1 = largestOf(network, pair.first, "outputs", factorsOf(pair.first));
      const r2 = largestOf(network, pair.second, "inputs", factorsOf(pair.second));
      pair.factors.forEach((factor, channel) => {
        const s = equalFactor(r1[channel] ?? 0, r2[channel] ?? 0);
        const constant = limits.get(pair)?.[channel] ?? 0;
        if (!isUsable(factor * s, constant)) return;
        pair.factors[channel] = factor * s;
        moved = Math.max(moved, Math.abs(s - 1));
      });
    }
    if (moved < tolerance) return;
  }
}

/** s = √(r1 · r2) / r2; 1 where a channel is 0 on one side, which nothing can equalise. */
export function equalFactor(r1: number, r2: number): number {
  const s = Math.sqrt(r1 / r2);
  return Number.isFinite(s) && s > 0 ? s : 1;
}

/** Factors that float32 has room for, and biases that stay finite. */
function isUsable(factor: number, constant: number): boolean {
  return factor > 2 ** -60 && factor < 2 ** 60 && Number.isFinite(Math.fround(constant / factor));
}

/** The largest of what is added to each channel between the first layer's product and the second layer. */
function largestConstants(network: FloatNetwork, { source, factors }: Pair): Float64Array {
  const largest = new Float64Array(factors.length);
  for (const { node, position } of addedConstants(source)) {
    const tensor = network.tensor(node.input[position] ?? "");
    const values = tensor === undefined ? new Float32Array() : readFloats(tensor);
    const all = values.length === 1 ? new Float32Array(largest.length).fill(values[0] ?? 0) : values;
    all.forEach((value, at) => {
      const channel = at % largest.length;
      largest[channel] = Math.max(largest[channel] ?? 0, Math.abs(value));
    });
  }
  return largest;
}

function apply(network: FloatNetwork, pairs: readonly Pair[]): void {
  const inputs = new Map(pairs.map((pair) => [pair.second, pair.factors]));
  const layers = new Map<Node, { layer: Layer; inputs?: Float64Array; outputs?: Float64Array }>();
  for (const { second } of pairs) layers.set(second.node, { layer: second, inputs: inputs.get(second) });
  for (const pair of pairs) {
    const inverse = pair.factors.map((factor) => 1 / factor);
    layers.set(pair.first.node, { ...layers.get(pair.first.node), layer: pair.first, outputs: inverse });
    scaleVectors(network, pair.source, inverse);
  }
  for (const { layer, inputs, outputs } of layers.values()) scaleLayer(network, layer, { inputs, outputs });
}
