import { indexModel } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import { functionKey, localFunctions } from "#engine/graph/scope.ts";
import { inferShapes } from "#engine/graph/shapes/infer.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Graph, Model, ValueInfo } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import type { CastFloat16Options } from "./cast.float16.schema.ts";
import type { BlockRules } from "./cast-float16/blocked.ts";
import { GraphRun, NotConvertible } from "./cast-float16/run.ts";
import { Converter } from "./cast-float16/state.ts";
import { isQuantizedOp } from "./domains.ts";
import { detachInitializersFromInputs, dropInputs } from "./initializers.ts";
import { type AsyncPass, type PassResult, wholeModel } from "./pass.ts";
import { dropStaleTypes } from "./unused.ts";
import { upgradeForStep } from "./upgrade-opset/index.ts";

/** ONNX Runtime runs opset 7 and later; Cast takes its type as a number since 6. */
const neededOpset = 7;

/**
 * Conversion to float16, after ONNX Runtime 1.27's `convert_float_to_float16`: weights and activations become
 * float16, operators that cannot do so keep float32 between casts, and inputs and outputs stay float32 if wanted.
 * It differs where that converter goes wrong: nodes stay in topological order, a value that several blocked operators
 * read is cast once, a value handed from one blocked operator to the next is not rounded in between, constants that
 * only blocked operators read stay exact, and subgraphs see the casts of the graphs around them.
 */
export const castFloat16: AsyncPass<CastFloat16Options> = async (model, options, context) => {
  const refused = (name: string, reason: EngineRemark): PassResult => ({
    changed: [],
    skipped: [{ name, reason }],
    warnings: [],
  });
  if (indexModel(model).scopes.some((scope) => scope.body.node.some(isQuantizedOp))) {
    return refused(wholeModel, say("cast-float16.alreadyQuantized"));
  }
  const old = upgradeForStep(model, neededOpset);
  if (old !== undefined) return refused(old.name, old.reason);
  detachInitializersFromInputs(model);
  const dropped = freezeOverridable(model);
  sortNodes(model.graph);
  const index = indexModel(model);
  const names = uniqueNames(model);
  const converter = new Converter(index, inferShapes(model), names, uniqueNames(model));
  context.onProgress(0.2);
  const main = index.scopes[0];
  if (main === undefined) return refused(wholeModel, say("cast-float16.noGraph"));
  try {
    new GraphRun(converter, blockRules(model, options)).main(main, model.graph, options.keep_io_types);
  } catch (error) {
    if (!(error instanceof NotConvertible)) throw error;
    return refused(error.place, error.reason);
  }
  if (converter.converted.length === 0) return refused(wholeModel, say("cast-float16.noWeights"));
  await converter.finish(context);
  dropStaleTypes(model);
  const changed = converter.converted.map(({ name, count }) => ({
    name,
    what: say("cast-float16.cast", { count }),
  }));
  const warnings: EngineRemark[] = [];
  if (converter.clamped > 0) {
    warnings.push(say("cast-float16.clamped", { count: converter.clamped }));
  }
  if (dropped.length > 0) {
    warnings.push(say("common.defaultsGone", { names: dropped.slice(0, 10) }));
  }
  return { changed, skipped: [], warnings };
};

function blockRules(model: Model, options: CastFloat16Options): BlockRules {
  const functions = localFunctions(model);
  return {
    ops: new Set(options.op_block_list),
    nodes: new Set(options.node_block_list),
    isFunction: (node) => functions.has(functionKey(node.domain, node.opType, node.overload)),
  };
}

/** float32 initialisers that a caller could override become constants: their type changes, and so would the input's. */
function freezeOverridable(model: Model): string[] {
  const floats = new Set<string>();
  for (const { dataType, name = "" } of model.graph.initializer) {
    if (dataType === dtypes.float32.code) floats.add(name);
  }
  const outputs = new Set(model.graph.output.map((output: ValueInfo) => output.name));
  const gone = model.graph.input.filter(({ name }) => floats.has(name) && !outputs.has(name));
  dropInputs(model.graph, new Set(gone.map(({ name }) => name)));
  return gone.map(({ name }) => name);
}

function sortNodes(graph: Graph): void {
  const { sorted, cyclic } = topologicalOrder(graph);
  if (cyclic.length === 0) graph.node = sorted;
  for (const node of graph.node) subgraphs(node).forEach(sortNodes);
}
