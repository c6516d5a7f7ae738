import { EngineError } from "#engine/error.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import type { DType } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Node, Tensor } from "#engine/onnx/model.ts";
import type { TensorValues } from "#engine/onnx/tensor.ts";
import type { LiteGraph, LiteOperator, LiteTensor } from "../reader/lite-model.ts";
import { constantTensor, transposed } from "./constants.ts";
import { tensorNames, unique } from "./names.ts";

/**
 * What all operators write into: nodes in the order in which they run, constants, and which ONNX value stands for which
 * tensor. A value has the tensor's own name and type, integers included.
 */
export class GraphWriter {
  readonly graph: LiteGraph;
  /** Whether the first dimension of all that is computed is the batch, which is open. */
  readonly batch: boolean;
  readonly nodes: Node[] = [];
  readonly initializers = new Map<string, Tensor>();
  readonly names: readonly string[];
  /** The operator that makes a tensor, by the tensor's index. */
  readonly makers: ReadonlyMap<number, LiteOperator>;
  /** The least operator set that has all that was written. */
  opset = 18;
  readonly #taken: Set<string>;
  readonly #counts = new Map<string, number>();
  readonly #budget: number;
  #bytes = 0;

  /** @param fileBytes of the file, which bound what constants may become */
  constructor(graph: LiteGraph, batch: boolean, fileBytes: number) {
    this.graph = graph;
    this.batch = batch;
    this.names = tensorNames(graph);
    this.makers = new Map(
      graph.operators.flatMap((operator) => operator.outputs.map((index) => [index, operator] as const)),
    );
    this.#taken = new Set(this.names);
    // Each constant in one form, in float32 where it was float16, and room for small files. ONNX ends at 2 GiB.
    this.#budget = Math.min(2 ** 31 - 1, 4 * fileBytes + 2 ** 26);
  }

  name(tensor: LiteTensor): string {
    return this.names[tensor.index] ?? "";
  }

  fresh(wanted: string): string {
    return unique(this.#taken, wanted);
  }

  /** The value of a tensor; a constant becomes an initialiser when it is first asked for. */
  value(tensor: LiteTensor): string {
    const name = this.name(tensor);
    if (tensor.data !== undefined && !this.initializers.has(name)) this.#keep(constantTensor(tensor, name));
    return name;
  }

  /** A constant with its axes in another order, once for each order. */
  transposed(tensor: LiteTensor, perm: readonly number[]): string {
    if (perm.every((axis, at) => axis === at)) return this.value(tensor);
    const name = `${this.name(tensor)}/${perm.join("")}`;
    if (!this.initializers.has(name)) {
      if (this.#taken.has(name)) throw new EngineError("malformed", "A tensor has its name", name);
      this.#taken.add(name);
      this.#keep(transposed(constantTensor(tensor, name), perm));
    }
    return name;
  }

  /** A small constant of the conversion; the same one again where name and values are the same. */
  constant(wanted: string, dtype: DType, dims: number[], values: TensorValues): string {
    const before = this.initializers.get(wanted);
    const tensor = makeTensor(wanted, dtype, dims, values);
    if (before !== undefined && isSame(before, tensor)) return wanted;
    const name = this.fresh(wanted);
    this.#keep({ ...tensor, name });
    return name;
  }

  add(opType: string, input: string[], output: string[], attribute: Attribute[]): Node {
    const count = this.#counts.get(opType) ?? 0;
    this.#counts.set(opType, count + 1);
    const node = makeNode(opType, input, output, { name: `${opType}_${count}`, attribute });
    this.nodes.push(node);
    return node;
  }

  needsOpset(least: number): void {
    this.opset = Math.max(this.opset, least);
  }

  #keep(tensor: Tensor): void {
    this.#bytes += tensor.rawData?.length ?? 0;
    if (this.#bytes > this.#budget)
      throw new EngineError(
        "limit-exceeded",
        `Its constants become more than ${this.#budget} bytes`,
        `tensor ${tensor.name ?? ""}`,
      );
    this.initializers.set(tensor.name ?? "", tensor);
  }
}

function isSame(a: Tensor, b: Tensor): boolean {
  const [left, right] = [a.rawData, b.rawData];
  if (!(left instanceof Uint8Array) || !(right instanceof Uint8Array)) return false;
  return (
    a.dataType === b.dataType &&
    a.dims.length === b.dims.length &&
    a.dims.every((dim, axis) => dim === b.dims[axis]) &&
    left.length === right.length &&
    left.every((byte, at) => byte === right[at])
  );
}
