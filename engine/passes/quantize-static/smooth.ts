import { makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { observe } from "../observe.ts";
import { type Change, nodeRemark, type PassTools, reportName, type Skip } from "../pass.ts";
import { type ChannelSource, channelSource, scaleSource } from "./channel-source.ts";
import type { FloatNetwork } from "./float-network.ts";
import { fixedReason, isLinear, type Layer, largestOf, layerOf, notPlain, scaleLayer } from "./layers.ts";
import { isMover, type Unrounded, unroundedWay } from "./unrounded.ts";

/** Products that read one value: they share its factors. */
interface Group {
  readonly name: string;
  readonly layers: Layer[];
}

/** From ONNX Runtime's SmoothQuant (neural_compressor): bounds that keep quotients of tiny numbers usable. */
const smallest = 1e-5;
const largest = 1e5;

/**
 * SmoothQuant (Xiao et al. 2023, equation 4): what makes an activation hard to quantise moves into the weight that it
 * meets, channel by channel: X' = X / s, W' = s · W with s_j = max|X_j|^α / max|W_j|^(1−α), over the calibration items
 * and over all products that read X. The product stays the same but for rounding. 1/s becomes part of the node that
 * makes X where that is exact, else of a new Mul, as ONNX Runtime 1.27 does it. That Mul reads X before anything rounds
 * it: in networks that normalise after the residual sum the sum reads X too.
 *
 * @param chosen nodes that are to be quantised; those leave it whose constant has factors now that 8 bits cannot hold,
 *   or whose result a Mul reads
 * @returns beside the report names of results whose nodes must read values unrounded
 * @throws EngineError as `observe` does
 */
export async function smooth(
  network: FloatNetwork,
  chosen: Set<Node>,
  alpha: number,
  tools: PassTools,
): Promise<{ changed: Change[]; skipped: Skip[]; unrounded: Set<string> }> {
  const changed: Change[] = [];
  const skipped: Skip[] = [];
  const unrounded = new Set<string>();
  const skip = ({ layers }: Group, reason: EngineRemark) => skipped.push(...skipsOf(layers, reason));
  const groups = groupsOf(network, chosen, skipped);
  const seen = await largestSeen(network, groups, tools);
  // All factors before any is applied: each follows from the model as it was given.
  const plans = groups.flatMap((group) => {
    const factors = factorsOf(network, group, seen.get(group.name), alpha);
    if (factors === undefined)
      skip(group, say("quantize-static-preparations.noFiniteValues", { name: group.name }));
    return factors === undefined ? [] : [{ group, factors }];
  });
  for (const { group, factors } of plans) {
    const place = destination(network, chosen, group);
    if (isRemark(place)) {
      skip(group, place);
      continue;
    }
    const inverse = factors.map((factor) => 1 / factor);
    if ("between" in place) {
      for (const node of place.between) unrounded.add(node.output[0] ?? "");
      for (const node of place.floats) {
        if (!chosen.delete(node) || isMover(node)) continue;
        const reason = say("quantize-static-preparations.readsUnrounded");
        skipped.push({ name: reportName(node), reason });
      }
      unrounded.add(insertMul(network, group, inverse));
    } else {
      scaleSource(network, place, inverse);
      const wide = chosen.has(place.node) && hasWideFactors(network, place);
      if (wide && chosen.delete(place.node)) {
        const reason = say("quantize-static-preparations.staysFloat");
        skipped.push({ name: reportName(place.node), reason });
      }
    }
    for (const layer of group.layers) {
      scaleLayer(network, layer, { inputs: factors });
      const into = { op: layer.node.opType, count: factors.length };
      const what =
        "between" in place
          ? say("quantize-static-preparations.smoothedByMul", into)
          : say("quantize-static-preparations.smoothed", { ...into, node: nodeRemark(place.node) });
      changed.push({ name: reportName(layer.node), what });
    }
  }
  return { changed, skipped, unrounded };
}

function skipsOf(layers: readonly Layer[], reason: EngineRemark): Skip[] {
  return layers.map(({ node }) => ({
    name: reportName(node),
    reason: say("quantize-static-preparations.notSmoothed", { reason }),
  }));
}

/** MatMul and Gemm by the activation that they read. One that cannot be scaled keeps the others from it. */
function groupsOf(network: FloatNetwork, chosen: ReadonlySet<Node>, skipped: Skip[]): Group[] {
  const groups = new Map<string, Group>();
  const refused = new Map<string, EngineRemark>();
  for (const node of network.model.graph.node) {
    if (!chosen.has(node) || !isLinear(node) || node.opType === "Conv") continue;
    const layer = layerOf(network, node);
    const name = node.input[0] ?? "";
    if (layer === undefined || network.value(name)?.initializer !== undefined) {
      skipped.push({
        name: reportName(node),
        reason: say("quantize-static-preparations.notSmoothed", { reason: notPlain }),
      });
      continue;
    }
    const group = groups.get(name) ?? { name, layers: [] };
    groups.set(name, group);
    group.layers.push(layer);
    const reason = fixedReason(network, layer, "inputs");
    if (reason !== undefined) refused.set(name, reason);
    else if (layer.inputs !== group.layers[0]?.inputs)
      refused.set(name, say("quantize-static-preparations.widthsDiffer"));
  }
  for (const [name, reason] of refused) {
    const group = groups.get(name);
    skipped.push(...skipsOf(group?.layers ?? [], reason));
    groups.delete(name);
  }
  return [...groups.values()];
}

/** max |X_j| of each channel over the calibration items. */
async function largestSeen(
  network: FloatNetwork,
  groups: readonly Group[],
  tools: PassTools,
): Promise<Map<string, Float64Array>> {
  const seen = new Map<string, Float64Array>();
  if (groups.length === 0) return seen;
  const widths = new Map(groups.map(({ name, layers }) => [name, layers[0]?.inputs ?? 0]));
  await observe(network.model, widths.keys(), tools, ({ values }) => {
    for (const [name, { data, dims }] of Object.entries(values)) {
      const width = widths.get(name);
      if (width === undefined || dims.at(-1) !== width || !(data instanceof Float32Array)) continue;
      const most = seen.get(name) ?? new Float64Array(width);
      seen.set(name, most);
      for (let at = 0, channel = 0; at < data.length; at++) {
        const size = Math.abs(data[at] ?? 0);
        if (!(size <= (most[channel] ?? 0))) most[channel] = size;
        if (++channel === width) channel = 0;
      }
    }
  });
  return seen;
}

/** s of each channel; 1 where the channel or its weights are 0, of which the formula says nothing. */
function factorsOf(
  network: FloatNetwork,
  { layers }: Group,
  seen: Float64Array | undefined,
  alpha: number,
): Float64Array | undefined {
  if (seen === undefined || !seen.every(Number.isFinite)) return undefined;
  const weights = new Float64Array(seen.length);
  for (const layer of layers) {
    largestOf(network, layer, "inputs").forEach((size, at) => {
      weights[at] = Math.max(weights[at] ?? 0, size);
    });
  }
  if (!weights.every(Number.isFinite)) return undefined;
  return seen.map((x, at) => smoothFactor(x, weights[at] ?? 0, alpha));
}

/** s = x^α / w^(1−α). */
export function smoothFactor(x: number, w: number, alpha: number): number {
  if (x === 0 || w === 0) return 1;
  const factor = x ** alpha / Math.max(w ** (1 - alpha), smallest);
  return Math.min(largest, Math.max(smallest, factor));
}

/** Where 1/s goes: into a source, into a new Mul that reads the value unrounded, or nowhere, with the reason. */
function destination(
  network: FloatNetwork,
  chosen: ReadonlySet<Node>,
  { name, layers }: Group,
): ChannelSource | Unrounded | EngineRemark {
  const readers = new Set(layers.map(({ node }) => node));
  const source = channelSource(network, name, readers, layers[0]?.inputs ?? 0, "last");
  return isRemark(source) ? unroundedWay(network, chosen, name, source) : source;
}

/** Of 255 steps a factor as small as this part of the largest keeps four bits. */
const fewSteps = 1 / 16;

/** Whether the constant that a node multiplies by would lose its small factors, as one scale holds all of them. */
function hasWideFactors(network: FloatNetwork, { node, layer, vectors }: ChannelSource): boolean {
  const [factors] = layer === undefined ? vectors.filter((vector) => vector.node === node) : [];
  const tensor = factors && network.tensor(node.input[factors.position] ?? "");
  if (tensor === undefined) return false;
  const sizes = readFloats(tensor)
    .map(Math.abs)
    .filter((size) => size > 0);
  const [low, high] = sizes.reduce(([low, high], size) => [Math.min(low, size), Math.max(high, size)], [
    Number.POSITIVE_INFINITY,
    0,
  ] as [number, number]);
  return low < high * fewSteps;
}

/** X · (1/s) before the products of a group, in float32; gives its name. */
function insertMul(network: FloatNetwork, { name, layers }: Group, inverse: Float64Array): string {
  const { graph } = network.model;
  const factors = network.valueName(`${name}_smooth_scale`);
  const output = network.valueName(`${name}_smooth_output`);
  const mul = makeNode("Mul", [name, factors], [output], { name: network.valueName(`${name}_smooth_mul`) });
  graph.initializer.push(makeTensor(factors, "float32", [inverse.length], Float32Array.from(inverse)));
  const readers = new Set(layers.map(({ node }) => node));
  for (const node of readers) node.input = [output, ...node.input.slice(1)];
  const first = graph.node.findIndex((node) => readers.has(node));
  graph.node.splice(first, 0, mul);
  return output;
}
