import type { FeedBatch } from "#engine/evaluate/dataset/feeds.ts";
import { toNumbers } from "#engine/evaluate/tensors/elements.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { indexModel } from "#engine/graph/index.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { withoutFilledTurns } from "./observation/filling.ts";
import { type Place, places } from "./observation/place.ts";
import { observePlaces } from "./observe.ts";
import type { AsyncPass, PassContext } from "./pass.ts";
import { defaultSparsity } from "./prune.magnitude.schema.ts";
import type { PruneWandaOptions } from "./prune.wanda.schema.ts";
import { prunableWeights } from "./prune-magnitude/weights.ts";
import { addSource, type Layer, layerOf } from "./prune-wanda/layer.ts";
import { scoresOf } from "./prune-wanda/score.ts";
import { keepPerGroup, removePerLine } from "./pruning/choose.ts";
import { countPruned } from "./pruning/count.ts";
import { PruningReport, unknownNames } from "./pruning/report.ts";

/**
 * Pruning by weights and activations, without retraining (Sun et al., "A Simple and Effective Pruning Approach for
 * Large Language Models", arXiv 2306.11695): the score of a weight is |W_ij| · ‖X_j‖₂, where X_j is everything that
 * the weight meets over the calibration items, and of each output i the ⌊s · inputs⌋ weights with the lowest score
 * become zero, or all but n of every m consecutive inputs. All layers are scored on the activations of the model as it
 * is given.
 */
export const pruneWanda: AsyncPass<PruneWandaOptions> = async (model, options, context) => {
  const index = indexModel(model);
  const { weights, skipped, unknown } = prunableWeights(index, options.protect);
  const report = new PruningReport(skipped, unknownNames(unknown), context);
  const layers: Layer[] = [];
  const at = places();
  for (const weight of weights) {
    const layer = layerOf(index, weight, at);
    if (isRemark(layer)) report.skip(weight, layer);
    else layers.push(layer);
  }
  if (layers.length === 0) return report.finish(index);
  const faults = new Map<Layer, EngineRemark>();
  let seen = 0;
  const sources = layers.flatMap((layer) => layer.sources.map(({ place }) => place));
  const sight = await observePlaces(model, sources, context, ({ values, batch }) => {
    for (const layer of layers) {
      const fault = addBatch(layer, values, batch);
      if (fault !== undefined) faults.set(layer, fault);
    }
    seen += batch.rows.length;
    context.onProgress(0.7 * Math.min(1, seen / itemsOf(context)));
  });
  layers.forEach((layer, at) => {
    const fault =
      faults.get(layer) ??
      (seen === 0 ? say("prune-wanda.noItems") : undefined) ??
      sight.fault(layer.sources.map(({ place }) => place)) ??
      (layer.squares.every(Number.isFinite) ? undefined : say("prune-wanda.inputsNotFinite"));
    if (fault !== undefined) report.skip(layer.weight, fault);
    else {
      const values = readFloats(layer.weight.tensor);
      const kept = prune(layer, values, options);
      report.add(layer.weight, countPruned(values, kept), say("prune-wanda.lessThanOne"));
    }
    context.onProgress(0.7 + (0.3 * (at + 1)) / layers.length);
  });
  return report.finish(index);
};

function itemsOf({ calibration }: PassContext): number {
  return Math.max(1, calibration?.items ?? 1);
}

/** Adds one batch of observations. @returns a reason where they do not fit the layer */
function addBatch(
  layer: Layer,
  observed: ReadonlyMap<Place, readonly HostTensor[]>,
  batch: FeedBatch,
): EngineRemark | undefined {
  for (const source of layer.sources) {
    for (const tensor of withoutFilledTurns(observed.get(source.place) ?? [], batch)) {
      if (tensor.dtype === "string") return say("prune-wanda.notObserved");
      const fault = addSource(layer, source, ...withoutFilling(tensor, batch.size, batch.rows.length));
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** What fills up a fixed batch is the last item again and must not count; it lies at the end of the batch axis. */
function withoutFilling(tensor: HostTensor, size: number, items: number): [ArrayLike<number>, number[]] {
  const values = toNumbers(tensor);
  const [first = 0, ...rest] = tensor.dims;
  if (items >= size || first !== size) return [values, [...tensor.dims]];
  return [values.subarray(0, (values.length / size) * items), [items, ...rest]];
}

function prune(layer: Layer, values: Float32Array, { sparsity, n, m }: PruneWandaOptions): Float32Array {
  const ranked = { values, scores: scoresOf(layer, values) };
  if (n !== undefined && m !== undefined) return keepPerGroup(ranked, layer.inputs, n, m);
  return removePerLine(ranked, layer.rows, rowCount(layer.rows.length, sparsity ?? defaultSparsity));
}

/** ⌊length · sparsity⌋, where a product such as 100 · 0.29 = 28.999… means the whole number that it stands for. */
export function rowCount(length: number, sparsity: number): number {
  const exact = length * sparsity;
  const whole = Math.round(exact);
  return Math.abs(exact - whole) <= 1e-9 * length ? whole : Math.floor(exact);
}
