import { indexModel } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeInt, makeNode, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Graph, Node, Tensor } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import type { CastBfloat16Options } from "./cast.bfloat16.schema.ts";
import { brainsOf, scanOverflows } from "./cast-bfloat16/brains.ts";
import { storables } from "./cast-bfloat16/find.ts";
import { inFlight } from "./in-flight.ts";
import { detachInitializersFromInputs, dropInputs } from "./initializers.ts";
import { MappedBytes } from "./mapped-bytes.ts";
import { type AsyncPass, type Change, notApplicable, type Skip } from "./pass.ts";
import { float32Bytes, isLarge, overPieces } from "./pieces.ts";
import { unknownNames } from "./pruning/report.ts";
import { upgradeForStep } from "./upgrade-opset/index.ts";

/** Cast takes bfloat16 since opset 13. */
const neededOpset = 13;

export const memoryWarning = say("cast-bfloat16.memory");

/**
 * Stores float32 weights as bfloat16, half to even (`brainsOfValues`), with one Cast to float32 behind each. The Cast
 * makes the weight's own name, so that every reader stays as it is, subgraphs included, and however many share it.
 */
export const castBfloat16: AsyncPass<CastBfloat16Options> = async (model, options, context) => {
  const dry = storables(indexModel(model), options);
  if (dry.found.length === 0)
    return { ...nothing(options, dry.skipped), warnings: unknownNames(dry.unknown) };
  const old = upgradeForStep(model, neededOpset);
  if (old !== undefined) return notApplicable(old.reason);
  detachInitializersFromInputs(model);
  // Anew: a change of opset rewrites nodes.
  const { found, skipped, unknown } = storables(indexModel(model), options);
  const name = uniqueNames(model);
  const changed: Change[] = [];
  const casts = new Map<Graph, Node[]>();
  const stored = new Map<Tensor, Tensor>();
  const overflowsOf = new Map<Tensor, number>();
  await inFlight(found, context.pool.size, async ({ tensor }) => {
    const counts = await overPieces(context.pool, scanOverflows, float32Bytes(tensor), null);
    overflowsOf.set(tensor, sum(counts));
    context.onProgress(overflowsOf.size / found.length);
  });
  for (const { value, tensor } of found) {
    const graph = value.scope.graph;
    if (graph === undefined) continue;
    const bytes = float32Bytes(tensor);
    const overflows = overflowsOf.get(tensor) ?? 0;
    if (overflows > 0) {
      const reason = say("cast-bfloat16.overflows", { count: overflows });
      skipped.push({ name: value.name, reason });
      continue;
    }
    const fresh = name(`${value.name}_bfloat16`);
    const later = new MappedBytes(brainsOf, bytes, null);
    const brains: Tensor = {
      name: fresh,
      dims: tensor.dims,
      dataType: dtypes.bfloat16.code,
      rawData: isLarge(bytes) ? later : later.read(),
      docString: tensor.docString,
      metadataProps: tensor.metadataProps,
    };
    const list = casts.get(graph) ?? [];
    casts.set(graph, list);
    if (value.producer === undefined) stored.set(tensor, brains);
    else {
      // A Constant node gives way to one of the new type, which stands before the Cast.
      const attribute = [makeTensorAttribute("value", { ...brains, name: undefined })];
      list.push(makeNode("Constant", [], [fresh], { name: name(`${fresh}_Constant`), attribute }));
      graph.node = graph.node.filter((node) => node !== value.producer);
    }
    const attribute = [makeInt("to", dtypes.float32.code)];
    list.push(makeNode("Cast", [fresh], [value.name], { name: name(`${fresh}_Cast`), attribute }));
    changed.push({ name: value.name, what: say("cast-bfloat16.cast", { count: bytes.length / 4 }) });
  }
  for (const [graph, nodes] of casts) {
    graph.initializer = graph.initializer.map((tensor) => stored.get(tensor) ?? tensor);
    graph.node.unshift(...nodes);
  }
  const warnings = unknownNames(unknown);
  if (changed.length === 0) return { ...nothing(options, skipped), warnings };
  const gone = freeze(model.graph, new Set(changed.map(({ name }) => name)));
  if (gone.length > 0) {
    warnings.push(say("common.defaultsGone", { names: gone.slice(0, 10) }));
  }
  return { changed, skipped, warnings: [...warnings, memoryWarning] };
};

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}

/** Initialisers that a caller could override become constants: a node makes their value now. */
function freeze(graph: Graph, stored: ReadonlySet<string>): string[] {
  const gone = graph.input.map(({ name }) => name).filter((name) => stored.has(name));
  dropInputs(graph, new Set(gone));
  return gone;
}

function nothing({ min_elements }: CastBfloat16Options, skipped: readonly Skip[]) {
  return notApplicable(say("cast-bfloat16.nothing", { least: min_elements }), skipped);
}
