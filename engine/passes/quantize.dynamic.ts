import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { uniqueNamePair } from "#engine/graph/names.ts";
import { namesCaptured, topologicalOrder } from "#engine/graph/order.ts";
import { modelScopes, opsetVersions, type Scope } from "#engine/graph/scope.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import type { Graph, Model, Node } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { isQuantizedOp, microsoftDomain } from "./domains.ts";
import { detachInitializersFromInputs, importDomain } from "./initializers.ts";
import { type AsyncPass, type Change, type PassContext, reportName, type Skip, wholeModel } from "./pass.ts";
import { planNodes, selectionOf } from "./quantization/nodes.ts";
import type { QuantizeDynamicOptions } from "./quantize.dynamic.schema.ts";
import {
  emitAttention,
  emitConv,
  emitGather,
  emitLstm,
  emitMatMul,
  emitTranspose,
} from "./quantize-dynamic/operators.ts";
import { quantizerOrder } from "./quantize-dynamic/order.ts";
import { type Plan, planNode } from "./quantize-dynamic/plan.ts";
import { ensureFloat, type GraphState, openState, type Quantizer } from "./quantize-dynamic/state.ts";
import { isPerChannel, planSize, requests, scanWeights, WeightStore } from "./quantize-dynamic/weights.ts";
import { dropStaleTypes, removeUnused } from "./unused.ts";
import { upgradeForStep } from "./upgrade-opset/index.ts";

/** DynamicQuantizeLinear came with opset 11. */
const neededOpset = 11;

/**
 * Dynamic quantisation as ONNX Runtime 1.27's `quantize_dynamic` does it: weights become 8-bit integers, activations
 * are quantised while the model runs, products are computed in integers and scaled back to float32. Graph, names,
 * scales and integers equal ONNX Runtime's but for these deliberate differences: a float copy of a weight stays
 * where a node that is not quantised reads it; weights behind Constant, Identity and Transpose nodes are found too;
 * a Gemm that cannot be quantised stays a Gemm; a weight that Gemm nodes and others share is not transposed for all.
 */
export const quantizeDynamic: AsyncPass<QuantizeDynamicOptions> = async (model, options, context) => {
  let skipped: Skip[] = [];
  let index = indexModel(model);
  let plans = planModel(index, options, skipped);
  if (plans.size === 0) return notApplicable(index, options, skipped);
  const old = (opsetVersions(model.opsetImport).get("") ?? 0) < neededOpset;
  const refusal = old ? upgradeForStep(model, neededOpset) : undefined;
  if (refusal !== undefined) return { changed: [], skipped: [refusal], warnings: [] };
  const detached = detachInitializersFromInputs(model);
  const moved = sortScopes(model);
  // Of a large model the second look takes as long as the first: most models are as they have to be.
  if (old || detached || moved) {
    skipped = [];
    index = indexModel(model);
    plans = planModel(index, options, skipped);
  }
  const [valueName, nodeName] = uniqueNamePair(model);
  const quantizer: Quantizer = {
    model,
    options,
    index,
    states: new Map(),
    valueName,
    nodeName,
  };
  const extents = await scanWeights(plans.values(), quantizer, context.pool);
  const run = new Run(
    quantizer,
    plans,
    new WeightStore(quantizer, plans.values(), extents),
    skipped,
    context,
  );
  run.graph(index.scopes[0], model.graph, undefined);
  model.graph.node = quantizerOrder(model.graph);
  const warnings = finish(model, run);
  return { changed: run.changed, skipped, warnings };
};

function planModel(index: ModelIndex, options: QuantizeDynamicOptions, skipped: Skip[]): Map<Node, Plan> {
  const selection = selectionOf(options);
  const plans = planNodes(index, skipped, (scope, node) => planNode(index, scope, node, selection));
  // Transpositions alone are no reason to quantise: they only hand on what is quantised already.
  const useful = [...plans.values()].some((plan) => plan.kind !== "transpose");
  return useful ? plans : new Map();
}

function notApplicable(index: ModelIndex, options: QuantizeDynamicOptions, skipped: Skip[]) {
  const quantized = index.scopes.some((scope) => scope.body.node.some(isQuantizedOp));
  if (quantized) skipped.unshift({ name: wholeModel, reason: say("common.alreadyQuantized") });
  else if (skipped.length === 0) {
    const reason = say("quantization.noNode", { ops: options.op_types });
    skipped.push({ name: wholeModel, reason });
  }
  return { changed: [], skipped, warnings: [] };
}

/**
 * Producers before readers, which the rewriting relies on; ONNX demands it, some exporters do not keep it.
 *
 * @returns whether any node moved
 */
function sortScopes(model: Model): boolean {
  let moved = false;
  const sort = (graph: Graph) => {
    const { sorted, cyclic } = topologicalOrder(graph);
    if (cyclic.length === 0 && sorted.some((node, at) => node !== graph.node[at])) {
      graph.node = sorted;
      moved = true;
    }
    for (const node of graph.node) subgraphs(node).forEach(sort);
  };
  sort(model.graph);
  return moved;
}

/** Writes the nodes of every graph anew. */
class Run {
  readonly changed: Change[] = [];
  readonly released = new Set<string>();
  readonly #quantizer: Quantizer;
  readonly #plans: ReadonlyMap<Node, Plan>;
  readonly #weights: WeightStore;
  readonly #skipped: Skip[];
  readonly #context: PassContext;
  readonly #total: number;
  #done = 0;

  constructor(
    quantizer: Quantizer,
    plans: ReadonlyMap<Node, Plan>,
    weights: WeightStore,
    skipped: Skip[],
    context: PassContext,
  ) {
    this.#quantizer = quantizer;
    this.#plans = plans;
    this.#skipped = skipped;
    this.#context = context;
    this.#weights = weights;
    this.#total = [...plans.values()].reduce((sum, plan) => sum + planSize(plan), 0);
  }

  graph(scope: Scope | undefined, graph: Graph, parent: GraphState | undefined): void {
    if (scope === undefined) return;
    const state = openState(this.#quantizer, scope, graph, parent);
    for (const node of [...graph.node]) {
      const plan = this.#plans.get(node);
      if (plan === undefined || !this.#emit(state, plan)) this.#keep(state, node);
    }
    for (const output of graph.output) ensureFloat(this.#quantizer, state, output.name);
    graph.node = state.nodes;
  }

  #keep(state: GraphState, node: Node): void {
    for (const name of node.input) ensureFloat(this.#quantizer, state, name);
    const inner = subgraphs(node);
    for (const graph of inner) {
      for (const name of namesCaptured(graph)) ensureFloat(this.#quantizer, state, name);
    }
    for (const graph of inner) this.graph(this.#quantizer.index.scopeOf(graph), graph, state);
    state.nodes.push(node);
  }

  #emit(state: GraphState, plan: Plan): boolean {
    const quantizer = this.#quantizer;
    if (plan.kind === "transpose") return emitTranspose(quantizer, state, plan);
    const wanted = requests(plan, quantizer);
    // An activation is quantised before the weight is looked at, as ONNX Runtime does: only names depend on it.
    const weights = wanted.map((request) => this.#weights.get(request));
    const [first, second] = weights;
    this.#done += planSize(plan);
    this.#context.onProgress(this.#total === 0 ? 1 : this.#done / this.#total);
    if (first === undefined) return false;
    if (isRemark(first) || isRemark(second)) {
      const reason = isRemark(first) ? first : second;
      if (isRemark(reason)) this.#skipped.push({ name: reportName(plan.node), reason });
      return false;
    }
    if (plan.kind === "matmul") emitMatMul(quantizer, state, plan, first);
    else if (plan.kind === "gather") emitGather(quantizer, state, plan, first);
    else if (plan.kind === "conv") emitConv(quantizer, state, plan, first);
    else if (plan.kind === "attention") emitAttention(quantizer, state, plan, first);
    else if (second !== undefined) emitLstm(quantizer, state, plan, [first, second]);
    for (const position of plan.kind === "lstm" ? [1, 2] : [plan.kind === "gather" ? 0 : 1]) {
      this.released.add(plan.node.input[position] ?? "");
    }
    this.changed.push({ name: reportName(plan.node), what: summary(plan, this.#quantizer.options) });
    return true;
  }
}

function summary(plan: Exclude<Plan, { kind: "transpose" }>, options: QuantizeDynamicOptions) {
  const op = plan.node.opType;
  const perChannel = isPerChannel(plan, options);
  if (plan.kind === "lstm") {
    const [first, second] = plan.weights;
    const both = { op, first: first.value.name, second: second.value.name, type: "int8" };
    return say(perChannel ? "quantization.bothPerChannel" : "quantization.bothPerTensor", both);
  }
  const type = plan.kind === "gather" ? "uint8" : options.weight_type;
  const one = { op, weight: plan.weight.value.name, type };
  return say(perChannel ? "quantization.perChannel" : "quantization.perTensor", one);
}

function finish(model: Model, run: Run): EngineRemark[] {
  const dropped = removeUnused(model, run.released);
  dropStaleTypes(model);
  const microsoft = modelScopes(model).some((scope) =>
    scope.body.node.some((node) => node.domain === microsoftDomain),
  );
  if (microsoft && !opsetVersions(model.opsetImport).has(microsoftDomain))
    importDomain(model, microsoftDomain, 1);
  if (dropped.length === 0) return [];
  return [say("common.defaultsGone", { names: dropped.slice(0, 10) })];
}
