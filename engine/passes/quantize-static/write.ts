import { indexModel } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { opsetVersions } from "#engine/graph/scope.ts";
import { inferShapes } from "#engine/graph/shapes/infer.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import type { Range } from "../calibration/range.ts";
import { isFloat32 } from "../constants.ts";
import { microsoftDomain } from "../domains.ts";
import { importDomain } from "../initializers.ts";
import type { Skip } from "../pass.ts";
import { reportName } from "../pass.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";
import { quantizerOrder } from "../quantize-dynamic/order.ts";
import { dropStaleTypes, removeUnused } from "../unused.ts";
import type { Draft, Plan } from "./draft.ts";
import { coarseValues, lossOf } from "./losses.ts";
import { writeQdq } from "./qdq.ts";
import { writeQOperator } from "./qoperator.ts";
import { usedRanges } from "./ranges.ts";
import type { WeightForm } from "./weights.ts";

export interface WriteResult {
  readonly weights: ReadonlyMap<string, WeightForm>;
  /** The weight that each linear operator has now, by the node as it was given. */
  readonly products: ReadonlyMap<Node, WeightForm>;
  /** Nodes that were quantised. */
  readonly quantized: ReadonlySet<Node>;
  readonly skipped: Skip[];
  /** Inputs that went, because they held the defaults of weights. */
  readonly dropped: string[];
}

/**
 * Writes the model anew with integers. Nothing is executed: the ranges say all that is known of the data.
 *
 * @param calibrated ranges of float32 values of the main graph
 * @param released initialisers and values that earlier work may have made unused
 */
export function writeQuantized(
  model: Model,
  options: QuantizeStaticOptions,
  { chosen, unrounded }: Plan,
  calibrated: ReadonlyMap<string, Range>,
  released: readonly string[],
): WriteResult {
  const { graph } = model;
  const index = indexModel(model);
  const [scope] = index.scopes;
  if (scope === undefined) throw new Error("a model has a main graph");
  const shapes = inferShapes(model);
  const valueName = uniqueNames(model);
  const initializers = new Map<string, Tensor>();
  for (const tensor of graph.initializer) {
    if (isFloat32(tensor)) initializers.set(tensor.name ?? "", tensor);
  }
  const values = index.values(scope);
  const lookups = {
    initializer: (name: string) => initializers.get(name),
    isFloat: (name: string) =>
      initializers.has(name) ||
      (values.get(name)?.initializer === undefined &&
        (calibrated.has(name) || shapes.info(graph, name)?.dtype === dtypes.float32.code)),
    isConstant: (name: string) => values.get(name)?.producer?.opType === "Constant",
  };
  const skipped: Skip[] = [];
  const fit = new Set<Node>();
  const coarse = coarseValues(lookups, calibrated, graph.node);
  for (const node of graph.node) {
    if (!chosen.has(node)) continue;
    const loss = lossOf(lookups, calibrated, coarse, node);
    if (loss === undefined) fit.add(node);
    else skipped.push({ name: reportName(node), reason: loss });
  }
  const draft: Draft = {
    ...lookups,
    model,
    graph,
    scope,
    index,
    options,
    opset: opsetVersions(model.opsetImport).get("") ?? 1,
    chosen: fit,
    unrounded,
    ranges: usedRanges(graph, index, fit, calibrated),
    copyInitializer: (name) => {
      const copy = valueName(name);
      const tensor = initializers.get(name);
      if (tensor === undefined) return name;
      const own = { ...tensor, name: copy };
      initializers.set(copy, own);
      graph.initializer.push(own);
      return copy;
    },
    valueName,
    nodeName: uniqueNames(model),
  };
  const written = options.format === "qdq" ? writeQdq(draft) : writeQOperator(draft);
  const dropped = removeUnused(model, [...released, ...written.released]);
  dropStaleTypes(model);
  graph.node = quantizerOrder(graph);
  if (graph.node.some((node) => node.domain === microsoftDomain)) importDomain(model, microsoftDomain, 1);
  return { weights: written.weights, products: written.products, quantized: fit, skipped, dropped };
}
