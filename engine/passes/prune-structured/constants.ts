import type { Value } from "#engine/graph/index.ts";
import { tensorAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { isStandard } from "../domains.ts";
import type { Axes, Units } from "./units.ts";

/** A constant tensor with axes, as one or several nodes read it. */
export interface LabelledConstant {
  readonly value: Value;
  readonly tensor: Tensor;
  readonly axes: Axes;
  /** Where the reader is the only one of this copy: a vector may be cut differently for each of its readers. */
  readonly reader: { readonly node: Node; readonly position: number } | undefined;
}

const floats = new Set<number>([
  dtypes.float32.code,
  dtypes.float16.code,
  dtypes.bfloat16.code,
  dtypes.float64.code,
]);

/** The tensor that a value holds, where it is an initialiser or the output of a Constant node. */
export function constantTensor(value: Value): Tensor | undefined {
  if (value.initializer !== undefined) return value.initializer;
  const node = value.producer;
  if (node?.opType !== "Constant" || !isStandard(node)) return undefined;
  return tensorAttribute(node, "value");
}

/** At most one axis is longer than 1. */
export function isVector(dims: readonly number[]): boolean {
  return dims.filter((dim) => dim !== 1).length <= 1;
}

/**
 * The constants of a model with fresh units for each of their axes. Everything that a node does not explain stays
 * locked, so that a tensor is never cut by mistake. A matrix has one set of units for all its readers, which ties the
 * layers that share it. A vector, such as a bias of zeros that an exporter stored once for many layers, has one set
 * for each reader: cutting it in several ways costs next to nothing.
 */
export class ConstantAxes {
  readonly all: LabelledConstant[] = [];
  readonly #units: Units;
  readonly #shared = new Map<Value, Axes>();
  readonly #single = new Map<Node, Map<number, Axes>>();

  constructor(units: Units) {
    this.#units = units;
  }

  /** Undefined where the value is no constant of floats. */
  read(value: Value, node: Node, position: number): Axes | undefined {
    const tensor = constantTensor(value);
    if (tensor === undefined) return undefined;
    if (!floats.has(tensor.dataType)) return tensor.dims.map(() => undefined);
    const single = isVector(tensor.dims);
    const known = single ? this.#single.get(node)?.get(position) : this.#shared.get(value);
    if (known !== undefined) return known;
    const axes = tensor.dims.map((dim) => (dim > 1 ? this.#units.fresh(dim) : undefined));
    const reader = single ? { node, position } : undefined;
    this.all.push({ value, tensor, axes, reader });
    if (single) {
      const row = this.#single.get(node) ?? new Map<number, Axes>();
      this.#single.set(node, row.set(position, axes));
    } else this.#shared.set(value, axes);
    return axes;
  }
}
