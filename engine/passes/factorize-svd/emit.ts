import type { Scope } from "#engine/graph/scope.ts";
import {
  makeInts,
  makeNode,
  removeAttribute,
  setAttribute,
  smallIntAttribute,
} from "#engine/onnx/attributes.ts";
import { bytesOf, type LazyBytes } from "#engine/onnx/lazy.ts";
import { byteView } from "#engine/onnx/make.ts";
import type { Attribute, Node, Tensor } from "#engine/onnx/model.ts";
import { type Shelf, shelved } from "../shelf.ts";
import type { Layer } from "./layers.ts";
import type { Reader } from "./readers.ts";

/** L (rows × rank) and R (rank × columns), row by row, as bytes in the type of the weight. */
export interface LayerFactors {
  readonly rank: number;
  readonly left: Uint8Array | LazyBytes;
  readonly right: Uint8Array | LazyBytes;
}

/** Puts two nodes in the place of each one that reads a factorised weight. */
export class Emitter {
  readonly #unique: (wanted: string) => string;
  readonly #shelf: Shelf;
  readonly #replaced = new Map<Node, Node[]>();
  /** Names that nodes stopped reading. */
  readonly released = new Set<string>();

  constructor(unique: (wanted: string) => string, shelf: Shelf) {
    this.#unique = unique;
    this.#shelf = shelf;
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
    const names = [this.#unique(`${value.name}_lowrank_0`), this.#unique(`${value.name}_lowrank_1`)] as const;
    const isConv = tensor.dims.length > 2;
    const leftDims = isConv ? [rows, rank, ...tensor.dims.slice(2).map(() => 1)] : [rows, rank];
    const rightDims = isConv ? [rank, ...tensor.dims.slice(1)] : [rank, columns];
    const { dataType } = tensor;
    const factors: Tensor[] = flipped
      ? [
          { name: names[0], dims: [columns, rank], dataType, rawData: flip(right, rank, columns) },
          { name: names[1], dims: [rank, rows], dataType, rawData: flip(left, rows, rank) },
        ]
      : [
          { name: names[0], dims: leftDims, dataType, rawData: left },
          { name: names[1], dims: rightDims, dataType, rawData: right },
        ];
    graph.initializer.push(...factors.map((factor) => shelved(factor, this.#shelf)));
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

/** A matrix of `rows` rows transposed, whatever the width of its elements. */
function flip(matrix: Uint8Array | LazyBytes, rows: number, columns: number): Uint8Array {
  const bytes = bytesOf(matrix);
  const width = bytes.length / (rows * columns);
  return width === 2
    ? byteView(flipped(new Uint16Array(bytes.buffer, bytes.byteOffset, rows * columns), rows, columns))
    : byteView(flipped(new Float32Array(bytes.buffer, bytes.byteOffset, rows * columns), rows, columns));
}

function flipped<T extends Float32Array | Uint16Array>(values: T, rows: number, columns: number): T {
  const out = values.slice() as T;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column]!;
  }
  return out;
}
