import { indexModel } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeInt, makeNode, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { bytesOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Graph, Node, Tensor } from "#engine/onnx/model.ts";
import { elementCount } from "#engine/onnx/tensor.ts";
import type { CastBfloat16Options } from "./cast.bfloat16.schema.ts";
import { brainsOf, scanBrains } from "./cast-bfloat16/brains.ts";
import { brainsOfValues } from "./cast-bfloat16/convert.ts";
import { storables } from "./cast-bfloat16/find.ts";
import { detachInitializersFromInputs, dropInputs } from "./initializers.ts";
import { MappedBytes } from "./mapped-bytes.ts";
import { type AsyncPass, type Change, notApplicable, type Skip } from "./pass.ts";
import { float32Bytes, floatsOf, isLarge, overPieces } from "./pieces.ts";
import type { Pool } from "./pool.ts";
import { unknownNames } from "./pruning/report.ts";
import { upgradeForStep } from "./upgrade-opset/index.ts";

/** Cast takes bfloat16 since opset 13. */
const neededOpset = 13;

export const memoryWarning =
  "bfloat16 is how the file stores the weights: ONNX Runtime makes float32 of them when it loads the model, so memory and speed are as before.";

/**
 * Stores float32 weights as bfloat16, half to even (`brainsOfValues`), with one Cast to float32 behind each. The Cast makes
 * the weight's own name, so that every reader stays as it is, subgraphs included, and however many share it.
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
  let looked = 0;
  const sources = await Promise.all(
    found.map(async ({ tensor }) => {
      const source = sourceOf(tensor);
      const overflows = await overflowsOf(source, context.pool);
      context.onProgress(++looked / found.length);
      return { source, overflows };
    }),
  );
  found.forEach(({ value, tensor }, at) => {
    const graph = value.scope.graph;
    const { source, overflows } = sources[at] ?? {};
    if (graph === undefined || source === undefined) return;
    if (overflows !== 0) {
      const reason = `${overflows} of its values are so large that bfloat16 would make them infinite`;
      skipped.push({ name: value.name, reason });
      return;
    }
    const fresh = name(`${value.name}_bfloat16`);
    const { docString, metadataProps } = tensor;
    const dims = [...tensor.dims];
    const rawData = stored16(source);
    const brains = { dims, dataType: dtypes.bfloat16.code, name: fresh, rawData, docString, metadataProps };
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
    changed.push({ name: value.name, what: `float32 → bfloat16, ${elementCount(dims)} values` });
  });
  for (const [graph, nodes] of casts) {
    graph.initializer = graph.initializer.map((tensor) => stored.get(tensor) ?? tensor);
    graph.node.unshift(...nodes);
  }
  const warnings = unknownNames(unknown);
  if (changed.length === 0) return { ...nothing(options, skipped), warnings };
  const gone = freeze(model.graph, new Set(changed.map(({ name }) => name)));
  if (gone.length > 0) {
    warnings.push(`Inputs that held the defaults of weights are gone: ${gone.slice(0, 10).join(", ")}`);
  }
  return { changed, skipped, warnings: [...warnings, memoryWarning] };
};

/** @throws EngineError where the values are not as many as the shape says */
function sourceOf(tensor: Tensor): Uint8Array | LazyBytes {
  const source = float32Bytes(tensor);
  if (source.length !== 4 * elementCount(tensor.dims)) readFloats(tensor);
  return source;
}

async function overflowsOf(source: Uint8Array | LazyBytes, pool: Pool): Promise<number> {
  const counts = await overPieces(pool, scanBrains, source, null);
  return counts.reduce((sum, { overflows }) => sum + overflows, 0);
}

/** A large tensor is converted when it is written. */
function stored16(source: Uint8Array | LazyBytes): Uint8Array | LazyBytes {
  return isLarge(source)
    ? new MappedBytes(brainsOf, source, null)
    : brainsOfValues(floatsOf(bytesOf(source))).slice();
}

/** Initialisers that a caller could override become constants: a node makes their value now. */
function freeze(graph: Graph, stored: ReadonlySet<string>): string[] {
  const gone = graph.input.map(({ name }) => name).filter((name) => stored.has(name));
  dropInputs(graph, new Set(gone));
  return gone;
}

function nothing({ min_elements }: CastBfloat16Options, skipped: readonly Skip[]) {
  return notApplicable(
    `it has no float32 weights of ${min_elements} values or more to store as bfloat16`,
    skipped,
  );
}
