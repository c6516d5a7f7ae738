import { topologicalOrder } from "#engine/graph/order.ts";
import { modelScopes } from "#engine/graph/scope.ts";
import type { Graph, Model, Node } from "#engine/onnx/model.ts";
import type { Range } from "../calibration/range.ts";
import { microsoftDomain } from "../domains.ts";
import { importDomain } from "../initializers.ts";
import type { Skip } from "../pass.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";
import { quantizerOrder } from "../quantize-dynamic/order.ts";
import { dropStaleTypes, removeUnused } from "../unused.ts";
import type { Plan } from "./draft.ts";
import { DraftMaker } from "./make-draft.ts";
import { isCalibrated } from "./prepare.ts";
import { type Pairs, writeQdq } from "./qdq.ts";
import { writeQOperator } from "./qoperator.ts";
import type { WeightForm } from "./weights.ts";

/** Ranges of float32 values, by the graph that sees them and their names there. */
export type Ranges = ReadonlyMap<Graph, ReadonlyMap<string, Range>>;

export interface WriteResult {
  /** By the graph whose nodes read them and the names of the initialisers. */
  readonly weights: ReadonlyMap<Graph, ReadonlyMap<string, WeightForm>>;
  /** The weight that each linear operator has now, by the node as it was given. */
  readonly products: ReadonlyMap<Node, WeightForm>;
  /** Nodes that were quantised. */
  readonly quantized: ReadonlySet<Node>;
  readonly skipped: Skip[];
  /** Inputs that went, because they held the defaults of weights. */
  readonly dropped: string[];
  /** Of the main graph, in format qdq. */
  readonly pairs: Pairs | undefined;
}

/**
 * Writes the model anew with integers. Nothing is executed: the ranges say all that is known of the data.
 *
 * @param ranges of float32 values
 * @param released initialisers and values that earlier work may have made unused
 */
export function writeQuantized(
  model: Model,
  options: QuantizeStaticOptions,
  { chosen, unrounded, given }: Plan,
  ranges: Ranges,
  released: readonly string[],
): WriteResult {
  const maker = new DraftMaker(model, options);
  const weights = new Map<Graph, ReadonlyMap<string, WeightForm>>();
  const products = new Map<Node, WeightForm>();
  const quantized = new Set<Node>();
  const skipped: Skip[] = [];
  const unread = [...released];
  let pairs: Pairs | undefined;
  for (const scope of maker.index.scopes) {
    const { graph } = scope;
    const isMain = scope.kind === "main";
    const wanted = graph === undefined ? [] : graph.node.filter((node) => chosen.has(node));
    if (graph === undefined || !isCalibrated(scope) || (!isMain && wanted.length === 0)) continue;
    const { draft, losses } = maker.draft(
      scope,
      graph,
      { chosen: new Set(wanted), unrounded, given },
      ranges.get(graph) ?? new Map(),
    );
    skipped.push(...losses);
    for (const node of draft.chosen) quantized.add(node);
    if (!isMain && draft.chosen.size === 0) continue;
    const written = options.format === "qdq" ? writeQdq(draft) : writeQOperator(draft);
    weights.set(graph, written.weights);
    if (isMain) pairs = written.pairs;
    for (const [node, form] of written.products) products.set(node, form);
    unread.push(...written.released);
    if (!isMain) graph.node = topologicalOrder(graph).sorted;
  }
  const dropped = removeUnused(model, unread);
  dropStaleTypes(model);
  model.graph.node = quantizerOrder(model.graph);
  const foreign = modelScopes(model).some(({ body }) =>
    body.node.some(({ domain }) => domain === microsoftDomain),
  );
  if (foreign) importDomain(model, microsoftDomain, 1);
  return { weights, products, quantized, skipped, dropped, pairs };
}
