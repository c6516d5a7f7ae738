import { indexModel } from "#engine/graph/index.ts";
import type { Node } from "#engine/onnx/model.ts";
import { isQuantizedOp } from "./domains.ts";
import { type AsyncPass, type Change, notApplicable, reportName, wholeModel } from "./pass.ts";
import type { QuantizeStaticOptions } from "./quantize.static.schema.ts";
import { chooseNodes } from "./quantize-static/choose.ts";
import { collectRanges, firstItems } from "./quantize-static/collect.ts";
import { correct, rescale } from "./quantize-static/improve.ts";
import { leaveUnseen, rangesByGraph, valuesOf } from "./quantize-static/observed.ts";
import { raiseOpset, settleWeights } from "./quantize-static/prepare.ts";
import { type Source, weightsByNode } from "./quantize-static/weight-inputs.ts";
import { type WriteResult, writeQuantized } from "./quantize-static/write.ts";

/**
 * Static quantisation as ONNX Runtime 1.27's `quantize_static` does it: weights become int8, the ranges of activations
 * are learned from calibration data, and the model computes in integers throughout. Graph, names, scales and integers
 * equal ONNX Runtime's but where its quantiser goes wrong: see docs/engine/quantize.static.md.
 */
export const quantizeStatic: AsyncPass<QuantizeStaticOptions> = async (model, options, context) => {
  const { calibration } = context;
  if (calibration === undefined) return notApplicable("it needs data to calibrate on, and none was given");
  if (indexModel(model).scopes.some((scope) => scope.body.node.some(isQuantizedOp))) {
    return notApplicable("the model is quantised already");
  }
  const refusal = raiseOpset(model, options);
  if (refusal !== undefined) return { changed: [], skipped: [refusal], warnings: [] };
  const released = settleWeights(model);
  const before = indexModel(model);
  const { chosen, inner, skipped } = chooseNodes(before, options);
  if (weightsByNode(before, new Set([...chosen, ...inner])).size === 0) {
    return notApplicable("no node that can be quantised has a float32 weight", skipped);
  }
  const data = firstItems(calibration, options.samples);
  const tools = { ...context, calibration: data };
  const report = (fraction: number) => context.onProgress(0.9 * fraction);
  const prepared = await rescale(model, options, chosen, tools);
  const index = indexModel(model);
  const values = valuesOf(model, index, new Set([...chosen, ...inner]));
  const { ranges, sight } = await collectRanges(
    model,
    new Set([...values.values()].flat()),
    tools,
    options,
    report,
  );
  skipped.push(...leaveUnseen(inner, values, sight));
  const byGraph = rangesByGraph(ranges);
  const { unrounded } = prepared;
  const ofMain = byGraph.get(model.graph) ?? new Map();
  const corrected = await correct(model, options, { chosen, unrounded }, ofMain, tools);
  released.push(...prepared.released, ...corrected.released);
  const all = new Set([...chosen, ...inner]);
  const sources = weightsByNode(index, all);
  const result = writeQuantized(model, options, { chosen: all, unrounded }, byGraph, released);
  skipped.push(...prepared.skipped, ...corrected.skipped, ...result.skipped);
  const changed = changesOf(sources, result);
  if (changed.length === 0) return notApplicable("no weight could be quantised", skipped);
  changed.push(...prepared.changed, ...corrected.changed);
  const how = `${options.calibration} over ${data.description}`;
  const what = `activations float32 → ${options.activation_type}, their ranges learned by ${how}`;
  changed.push({ name: wholeModel, what });
  const dropped = new Set([...prepared.dropped, ...corrected.dropped, ...result.dropped]);
  const warnings = warningsOf([...dropped], data.items, options.samples);
  const improves = options.equalize || options.smooth_quant || options.bias_correction;
  if (improves && [...inner].some((node) => sources.has(node))) warnings.push(notImproved);
  return { changed, skipped, warnings };
};

const notImproved =
  "Equalisation, smoothing and bias correction change the main graph alone: nodes in subgraphs are quantised as they are";

function changesOf(sources: ReadonlyMap<Node, Source>, { weights, quantized }: WriteResult): Change[] {
  const changed: Change[] = [];
  for (const [node, { graph, names }] of sources) {
    if (!quantized.has(node)) continue;
    for (const name of names) {
      const form = weights.get(graph)?.get(name);
      if (form === undefined) continue;
      const { type, axis } = form.options;
      const scales = axis === undefined ? "one scale per tensor" : "one scale per channel";
      changed.push({
        name: reportName(node),
        what: `${node.opType}: "${name}" float32 → ${type}, ${scales}`,
      });
    }
  }
  return changed;
}

function warningsOf(dropped: readonly string[], items: number, samples: number): string[] {
  const warnings: string[] = [];
  if (items < samples) {
    warnings.push(`Calibrated on ${items} items instead of ${samples}: there are no more`);
  }
  if (dropped.length > 0) {
    const listed = dropped.slice(0, 10).join(", ");
    warnings.push(`Inputs that held the defaults of quantised weights are gone: ${listed}`);
  }
  return warnings;
}
