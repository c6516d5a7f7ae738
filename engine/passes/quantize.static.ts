import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { inferShapes } from "#engine/graph/shapes/infer.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
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
  if (calibration === undefined) return notApplicable("it needs data to calibrate on, and none was given");
  if (indexModel(model).scopes.some((scope) => scope.body.node.some(isQuantizedOp))) {
    return notApplicable("the model is quantised already");
  }
  const refusal = raiseOpset(model, options);
  if (refusal !== undefined) return { changed: [], skipped: [refusal], warnings: [] };
  const released = settleWeights(model);
  const before = indexModel(model);
  const { chosen, skipped } = chooseNodes(before, options);
  const weighty = [...chosen].filter((node) => weightsOf(before, node).length > 0);
  if (weighty.length === 0) {
    return notApplicable("no node that can be quantised has a float32 weight in the main graph", skipped);
  }
  const data = firstItems(calibration, options.samples);
  const tools = { ...context, calibration: data };
  const report = (fraction: number) => context.onProgress(0.9 * fraction);
  const prepared = await rescale(model, options, chosen, tools);
  const index = indexModel(model);
  const names = valuesOf(model, index, chosen);
  const ranges = await collectRanges(model, names, tools, options, report);
  const plan = { chosen, unrounded: prepared.unrounded };
  const corrected = await correct(model, options, plan, ranges, tools);
  released.push(...prepared.released, ...corrected.released);
  const sources = new Map(weighty.map((node) => [node, weightsOf(index, node)]));
  const result = writeQuantized(model, options, plan, ranges, released);
  skipped.push(...prepared.skipped, ...corrected.skipped, ...result.skipped);
  const changed = changesOf(sources, result);
  if (changed.length === 0) return notApplicable("no weight could be quantised", skipped);
  changed.push(...prepared.changed, ...corrected.changed);
  const how = `${options.calibration} over ${data.description}`;
  const what = `activations float32 → ${options.activation_type}, their ranges learned by ${how}`;
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
