import { uniqueNames } from "#engine/graph/names.ts";
import { makeInt, makeInts, makeNode } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { observe } from "../observe.ts";
import type { PassTools } from "../pass.ts";

/** An activation of the main graph, [..., length]. */
export interface Activation {
  readonly name: string;
  readonly length: number;
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
): Promise<Map<string, Float64Array>> {
  const names = uniqueNames(model);
  const grams = new Map<string, { activation: string; sum: Float64Array }>();
  const nodes: Node[] = [];
  const initializers: Tensor[] = [];
  for (const { name, length } of activations) {
    const [shape, single, rows, columns, gram] = ["shape", "float", "rows", "columns", "gram"].map((part) =>
      names(`${name}_${part}`),
    ) as [string, string, string, string, string];
    initializers.push(makeTensor(shape, "int64", [2], BigInt64Array.of(-1n, BigInt(length))));
    nodes.push(
      makeNode("Cast", [name], [single], { attribute: [makeInt("to", dtypes.float32.code)] }),
      makeNode("Reshape", [single, shape], [rows]),
      makeNode("Transpose", [rows], [columns], { attribute: [makeInts("perm", [1, 0])] }),
      makeNode("MatMul", [columns, rows], [gram]),
    );
    grams.set(gram, { activation: name, sum: new Float64Array(length * length) });
  }
  const { graph } = model;
  const observed = {
    ...graph,
    node: [...graph.node, ...nodes],
    initializer: [...graph.initializer, ...initializers],
  };
  let seen = 0;
  await observe({ ...model, graph: observed }, grams.keys(), tools, ({ values, batch }) => {
    for (const [name, { sum }] of grams) {
      const data = values[name]?.data;
      if (!(data instanceof Float32Array)) throw new Error(`no values of ${name}`);
      for (let index = 0; index < sum.length; index++) sum[index] = sum[index]! + data[index]!;
    }
    seen += batch.rows.length;
    onItems(seen);
  });
  return new Map([...grams.values()].map(({ activation, sum }) => [activation, sum]));
}
