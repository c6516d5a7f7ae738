import { indexModel } from "#engine/graph/index.ts";
import { topologicalOrder } from "#engine/graph/order.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { subgraphs } from "#engine/onnx/attributes.ts";
import type { Graph, Model } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { detachInitializersFromInputs, dropInputs } from "./initializers.ts";
import { type AsyncPass, notApplicable, type PassTools, wholeModel } from "./pass.ts";
import { foldGemm, joinBias } from "./simplify/canonicalise-gemm.ts";
import { liftConstants } from "./simplify/constants.ts";
import { type Draft, openDraft } from "./simplify/draft.ts";
import { foldConstants } from "./simplify/fold-constants.ts";
import { foldShapes } from "./simplify/fold-shapes.ts";
import { fuseBatchNorm } from "./simplify/fuse-batch-norm.ts";
import { Growth } from "./simplify/growth.ts";
import { type Kind, Log } from "./simplify/log.ts";
import { mergeInitializers, mergeNodes } from "./simplify/merge-duplicates.ts";
import { mergeChains, removeIdentities } from "./simplify/remove-identities.ts";
import { removeUnused } from "./simplify/remove-unused.ts";
import type { SimplifyOptions } from "./simplify.schema.ts";

/** Rounds at most: each needs what the one before left, and real models take three to six. */
const maxRounds = 50;

type Work = (draft: Draft, tools: PassTools) => void | Promise<void>;

/** In the order of one round: cheap parts first, so that later ones see less. */
const parts: readonly (readonly [Kind, Work])[] = [
  ["fold_constants", liftConstants],
  ["fold_constants", foldShapes],
  ["remove_identities", removeIdentities],
  ["remove_identities", mergeChains],
  ["fold_constants", (draft, { load }) => foldConstants(draft, load)],
  ["fuse_batch_norm", fuseBatchNorm],
  ["canonicalise_gemm", joinBias],
  ["canonicalise_gemm", foldGemm],
  ["merge_duplicates", mergeInitializers],
  ["merge_duplicates", mergeNodes],
  ["remove_unused", removeUnused],
];

/**
 * Simplifies the graph until nothing more can be: the same results from fewer nodes. Exact but for the fusion of
 * BatchNormalization, factors of Gemm and the order of a sum in MatMul with Add, which round differently.
 * It folds constant computations where ONNX Runtime is at hand, and integer shape arithmetic anywhere.
 */
export const simplify: AsyncPass<SimplifyOptions> = async (model, options, context) => {
  const refusal = refuse(model);
  if (refusal !== undefined) return notApplicable(refusal);
  detachInitializersFromInputs(model);
  const frozen = options.freeze_defaults ? freezeDefaults(model) : [];
  sortNodes(model.graph);
  const log = new Log();
  const growth = new Growth(options.max_folded_bytes);
  const before = countNodes(model);
  let rounds = 0;
  for (let settled = false; !settled && rounds < maxRounds; rounds++) {
    log.startRound();
    settled = await round(model, options, log, growth, context);
    context.onProgress(1 - 0.5 ** (rounds + 1));
  }
  if (log.count === 0) return notApplicable(say("simplify.nothing"), log.skipped);
  const warnings: EngineRemark[] = [];
  if (rounds === maxRounds) warnings.push(say("simplify.unfinished", { rounds }));
  if (frozen.length > 0) {
    warnings.push(say("common.defaultsGone", { names: frozen.slice(0, 10) }));
  }
  if (context.load === undefined && options.fold_constants) {
    warnings.push(say("simplify.onlyShapes"));
  }
  const summary = { name: wholeModel, what: say("simplify.nodes", { before, after: countNodes(model) }) };
  return { changed: [summary, ...log.report()], skipped: log.skipped, warnings };
};

/** Takes the inputs away that only say that an initialiser may be overridden. */
function freezeDefaults({ graph }: Model): string[] {
  const constants = new Set(graph.initializer.map(({ name }) => name));
  const gone = graph.input.filter(({ name }) => constants.has(name)).map(({ name }) => name);
  dropInputs(graph, new Set(gone));
  return gone;
}

/** One round of all parts. True where none of them found anything to do. */
async function round(
  model: Model,
  options: SimplifyOptions,
  log: Log,
  growth: Growth,
  tools: PassTools,
): Promise<boolean> {
  const start = log.count;
  let draft: Draft | undefined;
  for (const [kind, work] of parts) {
    if (!options[kind]) continue;
    draft ??= openDraft(model, options, log, growth);
    const known = log.count;
    await work(draft, tools);
    if (log.count > known) draft = undefined;
  }
  return log.count === start;
}

/** Why the names of a model's values must stay as they are. */
function refuse(model: Model): EngineRemark | undefined {
  const { scopes, values, resolve } = indexModel(model);
  if ((model.trainingInfo ?? []).length > 0) return say("simplify.training");
  if (scopes.some(({ body }) => topologicalOrder(body).cyclic.length > 0)) return say("simplify.cycle");
  for (const scope of scopes) {
    if (scope.parent === undefined) continue;
    for (const name of values(scope).keys()) {
      if (resolve(scope.parent, name) !== undefined) return say("simplify.hiddenNames");
    }
  }
  return undefined;
}

function sortNodes(graph: Graph): void {
  graph.node = topologicalOrder(graph).sorted;
  for (const node of graph.node) subgraphs(node).forEach(sortNodes);
}

function countNodes(model: Model): number {
  return indexModel(model).scopes.reduce((sum: number, { body }: Scope) => sum + body.node.length, 0);
}
