import type { Scope } from "#engine/graph/scope.ts";
import {
  makeInts,
  makeNode,
  removeAttribute,
  setAttribute,
  smallIntAttribute,
} from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Node } from "#engine/onnx/model.ts";
import type { Layer } from "./layers.ts";
import type { Reader } from "./readers.ts";

export interface LayerFactors {
  readonly rank: number;
  readonly left: Float32Array | Uint16Array;
  readonly right: Float32Array | Uint16Array;
}

/** Puts two nodes in the place of each one that reads a factorised weight. */
export class Emitter {
  readonly #unique: (wanted: string) => string;
  readonly #replaced = new Map<Node, Node[]>();
  /** Names that nodes stopped reading. */
  readonly released = new Set<string>();

  constructor(unique: (wanted: string) => string) {
    this.#unique = unique;
  }

  /** Adds the factors to the graph that held the weight, and replaces its readers. */
  layer(layer: Layer, factors: LayerFactors): void {
    const stores = new Map<boolean, readonly [string, string]>();
    const namesOf = (flipped: boolean) => {
      const known = stores.get(flipped) ?? this.#store(layer, factors, flipped);
      stores.set(flipped, known);
      return known;
    };
    for (const reader of layer.readers) {
      const [left, right] = namesOf(reader.transposed);
      this.#replaced.set(reader.node, this.#nodes(reader, layer, left, right));
    }
  }

  finish(scopes: readonly Scope[]): void {
    for (const { body } of scopes)
      body.node = body.node.flatMap((node) => this.#replaced.get(node) ?? [node]);
  }

  /** The tensors L and R with weight = L R, or those of the transposed weight. */
  #store(layer: Layer, { rank, left, right }: LayerFactors, flipped: boolean): readonly [string, string] {
    const { value, tensor, rows, columns } = layer;
    const graph = value.scope.graph;
    if (graph === undefined) throw new Error("a layer stands in a graph");
    const dtype = tensor.dataType === dtypes.float16.code ? "float16" : "float32";
    const names = [this.#unique(`${value.name}_lowrank_0`), this.#unique(`${value.name}_lowrank_1`)] as const;
    const isConv = tensor.dims.length > 2;
    const leftDims = isConv ? [rows, rank, ...tensor.dims.slice(2).map(() => 1)] : [rows, rank];
    const rightDims = isConv ? [rank, ...tensor.dims.slice(1)] : [rank, columns];
    graph.initializer.push(
      flipped
        ? makeTensor(names[0], dtype, [columns, rank], flip(right, rank, columns))
        : makeTensor(names[0], dtype, leftDims, left),
      flipped
        ? makeTensor(names[1], dtype, [rank, rows], flip(left, rows, rank))
        : makeTensor(names[1], dtype, rightDims, right),
    );
    return names;
  }

  #nodes({ node, kind }: Reader, { tensor }: Layer, left: string, right: string): Node[] {
    const [a = "", b = "", c = ""] = node.input;
    const output = node.output[0] ?? "";
    const hidden = this.#unique(`${output}_lowrank`);
    const first = (opType: string, input: string[], attribute: Attribute[] = [], out = hidden) =>
      makeNode(opType, input, [out], {
        attribute,
        name: node.name ? this.#unique(`${node.name}_lowrank`) : undefined,
        domain: node.domain,
      });
    // The second node keeps the name, the output and whatever else the file says of the original.
    const second = (opType: string, input: string[], attribute: Attribute[] = []): Node => ({
      ...node,
      opType,
      input,
      attribute,
    });
    this.released.add(kind === "left" || kind === "gather" ? a : b);
    switch (kind) {
      case "matmul":
        return [first("MatMul", [a, left]), second("MatMul", [hidden, right])];
      case "left":
        return [first("MatMul", [right, b]), second("MatMul", [left, hidden])];
      case "gather":
        return [first("Gather", [left, b], node.attribute), second("MatMul", [hidden, right])];
      case "gemm": {
        const last = second("Gemm", c === "" ? [hidden, right] : [hidden, right, c], [...node.attribute]);
        removeAttribute(last, "transA");
        removeAttribute(last, "transB");
        if (smallIntAttribute(node, "transA") !== 1) return [first("MatMul", [a, left]), last];
        const turned = this.#unique(`${a}_transposed`);
        const turn = first("Transpose", [a], [makeInts("perm", [1, 0])], turned);
        return [turn, first("MatMul", [turned, left]), last];
      }
      case "conv": {
        const pointwise = second("Conv", c === "" ? [hidden, left] : [hidden, left, c]);
        setAttribute(
          pointwise,
          makeInts(
            "kernel_shape",
            tensor.dims.slice(2).map(() => 1),
          ),
        );
        return [first("Conv", [a, right], node.attribute), pointwise];
      }
    }
  }
}

function flip<T extends Float32Array | Uint16Array>(values: T, rows: number, columns: number): T {
  const out = values.slice() as T;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column]!;
  }
  return out;
}
