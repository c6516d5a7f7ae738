import { EngineError } from "#engine/error.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import type { DType } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Node, Tensor } from "#engine/onnx/model.ts";
import type { TensorValues } from "#engine/onnx/tensor.ts";
import type { LiteGraph, LiteOperator, LiteTensor } from "../reader/lite-model.ts";
import { constantTensor, shifted, transposed } from "./constants.ts";
import { isShifted } from "./integers.ts";
import { Names, tensorNames } from "./names.ts";

/** One operator of the file becomes ten nodes at most, but for those with a list of inputs or outputs. */
const maxNodes = 100_000;

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
  /** Names of scales and zero points by the name of a tensor and the type of its integers. */
  readonly parameters = new Map<string, readonly string[]>();
  /** The least operator set that has all that was written. */
  opset = 18;
  readonly #taken = new Names();
  readonly #outer = new Map<number, string>();
  readonly #counts = new Map<string, number>();
  readonly #budget: number;
  #bytes = 0;

  /** @param fileBytes of the file, which bound what constants may become */
  constructor(graph: LiteGraph, batch: boolean, fileBytes: number) {
    this.graph = graph;
    this.batch = batch;
    const names = tensorNames(graph, this.#taken);
    // What is int8 at the ends has another name within, where it is uint8.
    for (const index of new Set([...graph.inputs, ...graph.outputs])) {
      const tensor = graph.tensors[index];
      if (tensor === undefined || tensor.data !== undefined || !isShifted(tensor)) continue;
      const name = names[index] ?? "";
      this.#outer.set(index, name);
      names[index] = this.fresh(`${name}/uint8`);
    }
    this.names = names;
    this.makers = new Map(
      graph.operators.flatMap((operator) => operator.outputs.map((index) => [index, operator] as const)),
    );
    // Each constant in one form, in float32 where it was float16, and room for small files. ONNX ends at 2 GiB.
    this.#budget = Math.min(2 ** 31 - 1, 4 * fileBytes + 2 ** 26);
  }

  name(tensor: LiteTensor): string {
    return this.names[tensor.index] ?? "";
  }

  fresh(wanted: string): string {
    return this.#taken.fresh(wanted);
  }

  /** The name that a tensor has at the inputs and outputs of the graph. */
  outerName(tensor: LiteTensor): string {
    return this.#outer.get(tensor.index) ?? this.name(tensor);
  }

  /** The value of a tensor to compute with; a constant becomes an initialiser when it is first asked for. */
  value(tensor: LiteTensor): string {
    if (tensor.data === undefined || !isShifted(tensor)) return this.stored(tensor);
    const name = `${this.name(tensor)}/uint8`;
    if (!this.initializers.has(name)) this.#keepNew(name, shifted(constantTensor(tensor, name)));
    return name;
  }

  /** As `value`, a constant with the integers that the file has. */
  stored(tensor: LiteTensor): string {
    const name = this.name(tensor);
    if (tensor.data !== undefined && !this.initializers.has(name)) this.#keep(constantTensor(tensor, name));
    return name;
  }

  /** A constant with its axes in another order, once for each order. */
  transposed(tensor: LiteTensor, perm: readonly number[]): string {
    if (perm.every((axis, at) => axis === at)) return this.stored(tensor);
    const name = `${this.name(tensor)}/${perm.join("")}`;
    if (!this.initializers.has(name)) this.#keepNew(name, transposed(constantTensor(tensor, name), perm));
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
    if (this.nodes.push(node) > maxNodes)
      throw new EngineError("limit-exceeded", `It takes more than ${maxNodes} nodes`, node.name);
    return node;
  }

  needsOpset(least: number): void {
    this.opset = Math.max(this.opset, least);
  }

  #keepNew(name: string, tensor: Tensor): void {
    if (this.#taken.has(name)) throw new EngineError("malformed", "A tensor has a name that is needed", name);
    this.#taken.fresh(name);
    this.#keep(tensor);
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
