import type { TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeInt, makeInts, makeNode } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { expose } from "../observation/exposure.ts";
import type { Place } from "../observation/place.ts";
import { Sight } from "../observation/sight.ts";
import { type View, watch } from "../observation/watch.ts";
import { showing } from "../observe.ts";
import type { PassTools } from "../pass.ts";

/** What nodes multiply weights by, [..., length], each time that their graph runs. */
export interface Activation {
  readonly place: Place;
  readonly length: number;
}

/** A model that multiplies activations by themselves. */
interface GramView extends View {
  /** For each activation the name of XᵀX, and the name of its shapes where it is in a subgraph. */
  readonly grams: ReadonlyMap<Activation, { readonly gram: string; readonly shapes: string | undefined }>;
}

/**
 * XᵀX of activations over all calibration items, [length, length], X having a row for every vector along the last
 * axis. The runtime multiplies, in float32 within a batch; batches are added in float64.
 *
 * @param onItems called with the number of items seen after each batch
 * @throws EngineError as `observe` does
 */
export async function gramMatrices(
  model: Model,
  activations: readonly Activation[],
  tools: PassTools,
  onItems: (count: number) => void,
): Promise<{ readonly grams: ReadonlyMap<Place, Float64Array>; readonly sight: Sight }> {
  const sums = new Map(
    activations.map(({ place, length }) => [place, new Float64Array(length * length)] as const),
  );
  const computed = new Set<Place>();
  const inner = activations.map(({ place }) => place).filter(({ scope }) => scope.kind !== "main");
  const show = (places: readonly Place[]) => gramView(model, activations, places);
  let items = 0;
  const hidden = await watch(inner, show, tools, (results, batch, { grams }) => {
    for (const [{ place }, { gram, shapes }] of grams) {
      if (shapes === undefined || (results[shapes]?.data.length ?? 0) > 0) computed.add(place);
      add(results, gram, sums.get(place));
    }
    items += batch.rows.length;
    onItems(items);
  });
  return { grams: sums, sight: new Sight(hidden, computed) };
}

/** @param shown places in subgraphs to look at, besides those in the main graph */
function gramView(model: Model, activations: readonly Activation[], shown: readonly Place[]): GramView {
  const { model: copy, logs, hidden } = expose(model, shown);
  const names = uniqueNames(copy);
  const grams = new Map<Activation, { gram: string; shapes: string | undefined }>();
  const nodes: Node[] = [];
  const initializers: Tensor[] = [];
  for (const activation of activations) {
    const { place, length } = activation;
    const log = logs.get(place);
    if (log === undefined && place.scope.kind !== "main") continue;
    const [shape, single, rows, columns, gram] = ["shape", "float", "rows", "columns", "gram"].map((part) =>
      names(`${place.name}_${part}`),
    ) as [string, string, string, string, string];
    initializers.push(makeTensor(shape, "int64", [2], BigInt64Array.of(-1n, BigInt(length))));
    nodes.push(
      makeNode("Cast", [log?.elements.name ?? place.name], [single], {
        attribute: [makeInt("to", dtypes.float32.code)],
      }),
      makeNode("Reshape", [single, shape], [rows]),
      makeNode("Transpose", [rows], [columns], { attribute: [makeInts("perm", [1, 0])] }),
      makeNode("MatMul", [columns, rows], [gram]),
    );
    grams.set(activation, { gram, shapes: log?.shapes.name });
  }
  const { graph } = copy;
  const observed = {
    ...graph,
    node: [...graph.node, ...nodes],
    initializer: [...graph.initializer, ...initializers],
  };
  const outputs = [...grams.values()].flatMap(({ gram, shapes }) => [gram, ...(shapes ? [shapes] : [])]);
  return { model: { ...copy, graph: showing(observed, outputs) }, hidden, grams };
}

function add(results: TensorMap, name: string, sum: Float64Array | undefined): void {
  const data = results[name]?.data;
  if (sum === undefined || !(data instanceof Float32Array)) throw new Error(`no values of ${name}`);
  for (let index = 0; index < sum.length; index++) sum[index] = sum[index]! + data[index]!;
}
