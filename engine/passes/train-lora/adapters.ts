import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import type { Target } from "./targets.ts";

/** The two factors of a correction, A of rows × rank and B of rank × columns, by the names of their tensors. */
export interface Adapter {
  readonly target: Target;
  readonly down: string;
  readonly up: string;
}

/** Neighbouring streams of random numbers, one for each weight, lie far apart: 2³² divided by the golden ratio. */
const seedStep = 0x9e37_79b1;

/**
 * A copy of the model in which x W becomes x W + factor · (x A) B for every target. A is normal with variance 1 / rows and B
 * is zero, so that nothing changes before the first step (Hu et al. 2022, 2106.09685, §4.1).
 *
 * @param factor alpha / rank; with 1 there is no node for it
 */
export function withAdapters(
  source: Model,
  targets: readonly Target[],
  rank: number,
  factor: number,
  seed: number,
): { readonly model: Model; readonly adapters: readonly Adapter[] } {
  const places = new Map<Node, number>(source.graph.node.map((node, at) => [node, at]));
  const model = cloneStructure(source);
  const unique = uniqueNames(model);
  const { node: nodes, initializer } = model.graph;
  const more = new Map<Node, Node[]>();
  let scaleName: string | undefined;
  const scale = () => {
    if (scaleName === undefined) {
      scaleName = unique("lora_factor");
      initializer.push(makeTensor(scaleName, "float32", [], Float32Array.of(factor)));
    }
    return scaleName;
  };
  const adapters = targets.map((target, number) => {
    const { name, rows, columns } = target;
    const [down, up] = [unique(`${name}_lora_a`), unique(`${name}_lora_b`)];
    const random = randomStream((seed + Math.imul(number + 1, seedStep)) | 0);
    const start = Float32Array.from({ length: rows * rank }, () => random.normal() / Math.sqrt(rows));
    initializer.push(
      makeTensor(down, "float32", [rows, rank], start),
      makeTensor(up, "float32", [rank, columns], new Float32Array(rank * columns)),
    );
    for (const reader of target.readers) {
      const node = nodes[places.get(reader) ?? -1];
      if (node === undefined) throw new Error(`${name} is read by a node of the main graph`);
      const [input = ""] = node.input;
      const [output = ""] = node.output;
      const base = unique(`${output}_base`);
      const low = unique(`${output}_low`);
      const product = unique(`${output}_correction`);
      node.output = [base, ...node.output.slice(1)];
      const products = [makeNode("MatMul", [input, down], [low]), makeNode("MatMul", [low, up], [product])];
      const scaled = factor === 1 ? product : unique(`${output}_scaled`);
      if (factor !== 1) products.push(makeNode("Mul", [product, scale()], [scaled]));
      more.set(node, [...products, makeNode("Add", [base, scaled], [output])]);
    }
    return { target, down, up };
  });
  model.graph.node = nodes.flatMap((node) => [node, ...(more.get(node) ?? [])]);
  return { model, adapters };
}

/**
 * The weight with its correction added, as its tensor holds it.
 *
 * @param values of A and B
 */
export function mergedWeight(
  { tensor, rows, columns, isTransposed }: Target,
  down: Float32Array,
  up: Float32Array,
): Float32Array {
  const rank = down.length / rows;
  const out = readFloats(tensor).slice();
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      let sum = 0;
      for (let k = 0; k < rank; k++) sum += down[row * rank + k]! * up[k * columns + column]!;
      const at = isTransposed ? column * rows + row : row * columns + column;
      out[at] = out[at]! + sum;
    }
  }
  return out;
}
