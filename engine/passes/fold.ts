import type { ModelIndex, Value } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { intsAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { type Constant, findConstant } from "./constants.ts";
import { isStandard } from "./domains.ts";

interface Block {
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** Nodes that one weight is put together from: exporters need a dozen for the gates of an LSTM. */
const maxNodes = 64;
/**
 * Elements copied for one model in all. A file of a megabyte can ask for terabytes by concatenating a tensor with
 * itself over and over; the recurrent layers of real models stay far below.
 */
const maxElements = 2 ** 26;

interface Folds {
  readonly found: Map<Value, Constant | undefined>;
  elementsLeft: number;
}

const foldsOf = new WeakMap<ModelIndex, Folds>();

/**
 * As `findConstant`, and besides a float32 tensor that Slice, Concat, Unsqueeze and Squeeze put together from
 * constants: how PyTorch writes the gates of recurrent layers where it does not fold constants.
 */
export function foldConstant(index: ModelIndex, scope: Scope, name: string): Constant | undefined {
  const direct = findConstant(index, scope, name);
  if (direct !== undefined) return direct;
  const value = index.resolve(scope, name);
  if (value === undefined) return undefined;
  const folds = foldsOf.get(index) ?? { found: new Map(), elementsLeft: maxElements };
  foldsOf.set(index, folds);
  if (folds.found.has(value)) return folds.found.get(value);
  const block = new Folder(index, folds).fold(value);
  const constant = block && {
    tensor: makeTensor(name, "float32", [...block.dims], block.data),
    value,
    transposed: false,
  };
  folds.found.set(value, constant);
  return constant;
}

class Folder {
  readonly #index: ModelIndex;
  readonly #folds: Folds;
  #nodesLeft = maxNodes;

  constructor(index: ModelIndex, folds: Folds) {
    this.#index = index;
    this.#folds = folds;
  }

  /** Takes the elements of a copy from the budget. */
  #afford(elements: number): boolean {
    this.#folds.elementsLeft -= elements;
    return this.#folds.elementsLeft >= 0;
  }

  fold(value: Value): Block | undefined {
    const direct = findConstant(this.#index, value.scope, value.name);
    if (direct !== undefined) {
      if (direct.transposed || direct.tensor.dataType !== dtypes.float32.code) return undefined;
      return { dims: direct.tensor.dims, data: readFloats(direct.tensor) };
    }
    const node = value.producer;
    if (node === undefined || !isStandard(node) || this.#nodesLeft-- <= 0) return undefined;
    const known = ["Slice", "Concat", "Unsqueeze", "Squeeze"].includes(node.opType);
    if (!known) return undefined;
    const parts = (node.opType === "Concat" ? node.input : node.input.slice(0, 1)).map((name) => {
      const source = this.#index.resolve(value.scope, name);
      return source && this.fold(source);
    });
    if (!parts.every((part) => part !== undefined)) return undefined;
    const [first] = parts;
    if (first === undefined) return undefined;
    if (node.opType === "Concat") {
      const total = parts.reduce((sum, part) => sum + part.data.length, 0);
      return this.#afford(total) ? concat(parts, smallIntAttribute(node, "axis") ?? 1) : undefined;
    }
    if (node.opType === "Slice") return this.#slice(value.scope, node, first);
    const axes = this.#integers(value.scope, node, 1, "axes");
    if (axes === undefined) return undefined;
    return node.opType === "Unsqueeze" ? unsqueeze(first, axes) : squeeze(first, axes);
  }

  /** Integers from an input, or from the attribute that older opsets had. */
  #integers(scope: Scope, node: Node, position: number, attribute: string): number[] | undefined {
    const name = node.input[position] ?? "";
    if (name === "") return intsAttribute(node, attribute)?.map(Number);
    const found = findConstant(this.#index, scope, name);
    return found === undefined ? undefined : integersOf(found.tensor);
  }

  #slice(scope: Scope, node: Node, block: Block): Block | undefined {
    const starts = this.#integers(scope, node, 1, "starts");
    const ends = this.#integers(scope, node, 2, "ends");
    const axes = this.#integers(scope, node, 3, "axes") ?? starts?.map((_, axis) => axis);
    const stepped = (node.input[4] ?? "") !== "";
    const steps = stepped ? this.#integers(scope, node, 4, "") : [];
    if (starts?.length !== 1 || ends?.length !== 1 || axes?.length !== 1 || steps === undefined)
      return undefined;
    if (steps.some((step) => step !== 1)) return undefined;
    if (!this.#afford(block.data.length)) return undefined;
    return cut(block, axes[0] ?? 0, starts[0] ?? 0, ends[0] ?? 0);
  }
}

function integersOf(tensor: Tensor): number[] | undefined {
  if (tensor.dataType !== dtypes.int64.code && tensor.dataType !== dtypes.int32.code) return undefined;
  return Array.from(readTensor(tensor), Number);
}

const product = (dims: readonly number[]) => dims.reduce((a, b) => a * b, 1);

function axisWithin(axis: number, rank: number): number | undefined {
  const at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < rank ? at : undefined;
}

function cut({ dims, data }: Block, axis: number, start: number, end: number): Block | undefined {
  const at = axisWithin(axis, dims.length);
  if (at === undefined) return undefined;
  const size = dims[at] ?? 0;
  const bound = (position: number) => Math.max(0, Math.min(size, position < 0 ? position + size : position));
  const [from, to] = [bound(start), Math.max(bound(start), bound(end))];
  const inner = product(dims.slice(at + 1));
  const outer = product(dims.slice(0, at));
  const row = (to - from) * inner;
  const out = new Float32Array(outer * row);
  for (let index = 0; index < outer; index++) {
    const begin = (index * size + from) * inner;
    out.set(data.subarray(begin, begin + row), index * row);
  }
  return { dims: dims.with(at, to - from), data: out };
}

function concat(parts: readonly Block[], axis: number): Block | undefined {
  const [first] = parts;
  const at = first && axisWithin(axis, first.dims.length);
  if (first === undefined || at === undefined) return undefined;
  const fits = (part: Block) =>
    part.dims.length === first.dims.length && part.dims.every((dim, i) => i === at || dim === first.dims[i]);
  const total = parts.reduce((sum, part) => sum + part.data.length, 0);
  if (!parts.every(fits)) return undefined;
  const outer = product(first.dims.slice(0, at));
  const out = new Float32Array(total);
  let position = 0;
  for (let index = 0; index < outer; index++) {
    for (const { data } of parts) {
      const row = data.length / outer;
      out.set(data.subarray(index * row, (index + 1) * row), position);
      position += row;
    }
  }
  const size = parts.reduce((sum, part) => sum + (part.dims[at] ?? 0), 0);
  return { dims: first.dims.with(at, size), data: out };
}

function unsqueeze({ dims, data }: Block, axes: readonly number[]): Block | undefined {
  const rank = dims.length + axes.length;
  const ones = new Set(axes.map((axis) => axisWithin(axis, rank)));
  if (ones.has(undefined) || ones.size !== axes.length) return undefined;
  const rest = [...dims];
  return {
    dims: Array.from({ length: rank }, (_, axis) => (ones.has(axis) ? 1 : (rest.shift() ?? 1))),
    data,
  };
}

function squeeze({ dims, data }: Block, axes: readonly number[]): Block | undefined {
  const gone = new Set(axes.map((axis) => axisWithin(axis, dims.length)));
  if ([...gone].some((axis) => axis === undefined || dims[axis] !== 1)) return undefined;
  return { dims: dims.filter((_, axis) => !gone.has(axis)), data };
}
