import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { inferShapes } from "#engine/graph/shapes/infer.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isQuantizedOp } from "./domains.ts";
import { type AsyncPass, type Change, notApplicable, reportName, wholeModel } from "./pass.ts";
import type { QuantizeStaticOptions } from "./quantize.static.schema.ts";
import { chooseNodes, weightsOf } from "./quantize-static/choose.ts";
import { collectRanges, firstItems } from "./quantize-static/collect.ts";
import { correct, rescale } from "./quantize-static/improve.ts";
import { raiseOpset, settleWeights } from "./quantize-static/prepare.ts";
import { type WriteResult, writeQuantized } from "./quantize-static/write.ts";

/**
 * Static quantisation as ONNX Runtime 1.27's `quantize_static` does it: weights become int8, the ranges of activations
 * are learned from calibration data, and the model computes in integers throughout. Graph, names, scales and integers
 * equal ONNX Runtime's but where its quantiser goes wrong: see docs/engine/quantize.static.md.
 */
export const quantizeStatic: AsyncPass<QuantizeStaticOptions> = async (model, options, context) => {
  const { calibration } = context;
  if (calibration === undefined) return notApplicable(say("common.needsData"));
  if (indexModel(model).scopes.some((scope) => scope.body.node.some(isQuantizedOp))) {
    return notApplicable(say("common.alreadyQuantized"));
  }
  const refusal = raiseOpset(model, options);
  if (refusal !== undefined) return { changed: [], skipped: [refusal], warnings: [] };
  const released = settleWeights(model);
  const before = indexModel(model);
  const { chosen, skipped } = chooseNodes(before, options);
  const weighty = [...chosen].filter((node) => weightsOf(before, node).length > 0);
  if (weighty.length === 0) {
    return notApplicable(say("quantize-static.nothing"), skipped);
  }
  const data = firstItems(calibration, options.samples);
  const tools = { ...context, calibration: data };
  const report = (fraction: number) => context.onProgress(0.9 * fraction);
  const prepared = await rescale(model, options, chosen, tools);
  const index = indexModel(model);
  const names = valuesOf(model, index, chosen);
  const ranges = await collectRanges(model, names, tools, options, report);
  const corrected = await correct(model, options, chosen, ranges, tools);
  released.push(...prepared.released, ...corrected.released);
  const sources = new Map(weighty.map((node) => [node, weightsOf(index, node)]));
  const result = writeQuantized(model, options, chosen, ranges, released);
  skipped.push(...prepared.skipped, ...corrected.skipped, ...result.skipped);
  const changed = changesOf(sources, result);
  if (changed.length === 0) return notApplicable(say("quantize-static.noWeight"), skipped);
  changed.push(...prepared.changed, ...corrected.changed);
  const how = { method: options.calibration, data: data.description };
  const what = say("quantize-static.activations", { type: options.activation_type, ...how });
  changed.push({ name: wholeModel, what });
  const dropped = new Set([...prepared.dropped, ...corrected.dropped, ...result.dropped]);
  return { changed, skipped, warnings: warningsOf([...dropped], data.items, options.samples) };
};

/** Values that chosen nodes read or make and that may be float32. */
function valuesOf(model: Model, index: ModelIndex, chosen: ReadonlySet<Node>): string[] {
  const shapes = inferShapes(model);
  const [main] = index.scopes;
  const names = new Set<string>();
  for (const node of chosen) {
    for (const name of [...node.input, ...node.output]) {
      const dtype = shapes.info(model.graph, name)?.dtype;
      const value = main && index.values(main).get(name);
      if (name === "" || value === undefined || value.initializer !== undefined) continue;
      if (dtype === undefined || dtype === dtypes.float32.code) names.add(name);
    }
  }
  return [...names];
}

function changesOf(
  sources: ReadonlyMap<Node, readonly string[]>,
  { weights, quantized }: WriteResult,
): Change[] {
  const changed: Change[] = [];
  for (const [node, names] of sources) {
    if (!quantized.has(node)) continue;
    for (const name of names) {
      const form = weights.get(name);
      if (form === undefined) continue;
      const { type, axis } = form.options;
      const scales = axis === undefined ? "perTensor" : "perChannel";
      changed.push({
        name: reportName(node),
        what: say(`quantization.${scales}`, { op: node.opType, weight: name, type }),
      });
    }
  }
  return changed;
}

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
