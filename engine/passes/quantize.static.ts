import { indexModel } from "#engine/graph/index.ts";
import { modelScopes } from "#engine/graph/scope.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isQuantizedOp } from "./domains.ts";
import { type AsyncPass, notApplicable, wholeModel } from "./pass.ts";
import type { QuantizeStaticOptions } from "./quantize.static.schema.ts";
import { integerChanges } from "./quantize-static/changes.ts";
import { chooseNodes } from "./quantize-static/choose.ts";
import { collectRanges, firstItems } from "./quantize-static/collect.ts";
import { correct, rescale } from "./quantize-static/improve.ts";
import { leaveUnseen, rangesByGraph, valuesOf } from "./quantize-static/observed.ts";
import { raiseOpset, settleWeights } from "./quantize-static/prepare.ts";
import { weightsByNode } from "./quantize-static/weight-inputs.ts";
import { writeQuantized } from "./quantize-static/write.ts";

/**
 * Static quantisation as ONNX Runtime 1.27's `quantize_static` does it: weights become int8, the ranges of activations
 * are learned from calibration data, and the model computes in integers throughout. Graph, names, scales and integers
 * equal ONNX Runtime's but where its quantiser goes wrong: see docs/engine/quantize.static.md.
 */
export const quantizeStatic: AsyncPass<QuantizeStaticOptions> = async (model, options, context) => {
  const { calibration } = context;
  if (calibration === undefined) return notApplicable(say("common.needsData"));
  if (modelScopes(model).some((scope) => scope.body.node.some(isQuantizedOp))) {
    return notApplicable(say("common.alreadyQuantized"));
  }
  const refusal = raiseOpset(model, options);
  if (refusal !== undefined) return { changed: [], skipped: [refusal], warnings: [] };
  const released = settleWeights(model);
  const before = indexModel(model);
  const { chosen, inner, skipped } = chooseNodes(before, options);
  if (weightsByNode(before, new Set([...chosen, ...inner])).size === 0) {
    return notApplicable(say("quantize-static.nothing"), skipped);
  }
  const data = firstItems(calibration, options.samples);
  const tools = { ...context, calibration: data };
  const report = (fraction: number) => context.onProgress(0.9 * fraction);
  const prepared = await rescale(model, options, chosen, tools);
  const index = options.equalize || options.smooth_quant ? indexModel(model) : before;
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
  const changed = integerChanges(sources, result);
  if (changed.length === 0) return notApplicable(say("quantize-static.noWeight"), skipped);
  changed.push(...prepared.changed, ...corrected.changed);
  const how = { method: options.calibration, data: data.description };
  const what = say("quantize-static.activations", { type: options.activation_type, ...how });
  changed.push({ name: wholeModel, what });
  const dropped = new Set([...prepared.dropped, ...corrected.dropped, ...result.dropped]);
  const warnings = warningsOf([...dropped], data.items, options.samples);
  const improves = options.equalize || options.smooth_quant || options.bias_correction;
  if (improves && [...inner].some((node) => sources.has(node)))
    warnings.push(say("quantize-static.mainGraphAlone"));
  return { changed, skipped, warnings };
};

function warningsOf(dropped: readonly string[], items: number, samples: number): EngineRemark[] {
  const warnings: EngineRemark[] = [];
  if (items < samples) {
    warnings.push(say("quantize-static.fewItems", { items, samples }));
  }
  if (dropped.length > 0) {
    warnings.push(say("common.defaultsGone", { names: dropped.slice(0, 10) }));
  }
  return warnings;
}
