import { cloneStructure } from "#engine/graph/clone.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import type { Range } from "../calibration/range.ts";
import { observe } from "../observe.ts";
import { type Change, type PassTools, reportName, type Skip } from "../pass.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";
import { addToBias, biasPlace } from "./bias-place.ts";
import { ChannelMeans } from "./channel-means.ts";
import type { Plan } from "./draft.ts";
import type { FloatNetwork } from "./float-network.ts";
import { roundingError, type WeightForm } from "./weights.ts";
import { writeQuantized } from "./write.ts";

/** A layer beside which the product of its input with W − Wq is computed. */
interface Probe {
  readonly node: Node;
  readonly form: WeightForm;
  readonly side: Node;
  readonly means: ChannelMeans;
}

/**
 * Bias correction (Nagel et al. 2019, section 4.2): rounding the weights moves the mean of each output channel by
 * E[Wq·x] − E[W·x]. Its opposite, E[(W − Wq)·x], is added to the bias before that is quantised to int32. The means are
 * empirical, over the calibration items as the float32 model sees them, paddings and strides included.
 *
 * @param ranges of the main graph, as `writeQuantized` will get them: it writes a copy first, which says what Wq is
 * @throws EngineError as `observe` does
 */
export async function correctBiases(
  network: FloatNetwork,
  options: QuantizeStaticOptions,
  plan: Plan,
  ranges: ReadonlyMap<string, Range>,
  tools: PassTools,
): Promise<{ changed: Change[]; skipped: Skip[] }> {
  const { products, weights } = rehearse(network.model, options, plan, ranges);
  const probes = await measure(network, products, tools);
  const changed: Change[] = [];
  const skipped: Skip[] = [];
  for (const { node, means } of probes) {
    const skip = (reason: EngineRemark) =>
      skipped.push({
        name: reportName(node),
        reason: say("quantize-static-preparations.notCorrected", { reason }),
      });
    const amounts = means.means();
    if (amounts === undefined) {
      skip(say("quantize-static-preparations.noFiniteResults"));
      continue;
    }
    const place = biasPlace(network, node, amounts.length);
    if (isRemark(place)) {
      skip(place);
      continue;
    }
    const most = amounts.reduce((highest, amount) => Math.max(highest, Math.abs(amount)), 0);
    // The constant of an Add has 8 bits as an activation has, where a bias proper has 32.
    const name = place.node.input[place.position] ?? "";
    const step = place.node === node ? 0 : (weights.get(name)?.quantized.scales[0] ?? 0);
    if (most === 0) skip(say("quantize-static-preparations.meanStays"));
    else if (most < step / 2) skip(say("quantize-static-preparations.belowHalfStep", { name }));
    else {
      addToBias(network, place, amounts);
      changed.push({
        name: reportName(node),
        what: say("quantize-static-preparations.corrected", { op: node.opType, most }),
      });
    }
  }
  return { changed, skipped };
}

/** Quantises a copy. Its products are given by the nodes of the original. */
function rehearse(
  model: Model,
  options: QuantizeStaticOptions,
  { chosen, unrounded }: Plan,
  ranges: ReadonlyMap<string, Range>,
): { products: ReadonlyMap<Node, WeightForm>; weights: ReadonlyMap<string, WeightForm> } {
  const copy = cloneStructure(model);
  const originals = new Map(copy.graph.node.map((node, at) => [node, model.graph.node[at]]));
  const copies = new Set<Node>();
  for (const [node, original] of originals) {
    if (original !== undefined && chosen.has(original)) copies.add(node);
  }
  const { products, weights } = writeQuantized(
    copy,
    options,
    { chosen: copies, unrounded },
    new Map([[copy.graph, ranges]]),
    [],
  );
  const found = new Map<Node, WeightForm>();
  for (const [node, form] of products) {
    const original = originals.get(node);
    if (original !== undefined) found.set(original, form);
  }
  return { products: found, weights: weights.get(copy.graph) ?? new Map() };
}

async function measure(
  network: FloatNetwork,
  products: ReadonlyMap<Node, WeightForm>,
  tools: PassTools,
): Promise<Probe[]> {
  const tensors: Tensor[] = [];
  const zero = network.valueName("zero");
  const probes = [...products].map(([node, form]): Probe => {
    const [input = "", weight = ""] = node.input;
    const error = network.valueName(`${weight}_error`);
    tensors.push(makeTensor(error, "float32", [...form.tensor.dims], roundingError(form)));
    const output = network.valueName(`${node.output[0] ?? ""}_error`);
    // Before opset 11 Gemm cannot do without a bias.
    const inputs = node.opType === "Gemm" ? [input, error, zero] : [input, error];
    const side: Node = { ...node, name: network.valueName(output), input: inputs, output: [output] };
    const axis = node.opType.startsWith("Conv") ? 1 : -1;
    return { node, form, side, means: new ChannelMeans(axis) };
  });
  if (probes.length === 0) return probes;
  tensors.push(makeTensor(zero, "float32", [1], new Float32Array(1)));
  const { model } = network;
  const graph = {
    ...model.graph,
    node: [...model.graph.node, ...probes.map(({ side }) => side)],
    initializer: [...model.graph.initializer, ...tensors],
  };
  const names = probes.map(({ side }) => side.output[0] ?? "");
  await observe({ ...model, graph }, names, tools, ({ values, batch }) => {
    for (const [at, { means }] of probes.entries()) {
      const value = values[names[at] ?? ""];
      if (value === undefined) continue;
      means.observe(value, value.dims[0] === batch.size ? batch.rows.length / batch.size : 1);
    }
  });
  return probes;
}
