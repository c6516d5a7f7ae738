import type { Dim } from "#engine/graph/shapes/info.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import type { Form, Layout, Shuffle } from "../layout.ts";
import { inverse, keepsOrder, permuted } from "../perm.ts";
import type { LayoutRule } from "../rule.ts";
import { transposeTensor } from "../transpose-tensor.ts";

/** Longest row whose order is followed. */
const longestRow = 2 ** 22;

/**
 * Reshape and Flatten. Where a transposition moves nothing in memory they take the source as it is. Where all axes but the
 * first become one, the result is a matrix with its columns in another order, which the weights of a product can make up
 * for.
 */
export const reshape: LayoutRule = (node, layout) => {
  const [x = "", ...rest] = node.input;
  const form = layout.forms.get(x);
  const dims = layout.dims(x);
  if (form === undefined || dims === undefined) return false;
  const source = permuted(dims, inverse(form.perm));
  if (keepsOrder(form.perm, source) && copiesNothingElse(node, layout, form)) {
    layout.nodes.push({ ...node, input: [form.source, ...rest] });
    return true;
  }
  return flatten(node, layout, form, source);
};

/** A zero in the shape stands for the dimension of the input at that place, which must be the same one. */
function copiesNothingElse(node: Node, layout: Layout, { perm }: Form): boolean {
  if (node.opType === "Flatten") {
    const axis = smallIntAttribute(node, "axis") ?? 1;
    return perm.slice(0, axis).every((from, at) => from === at);
  }
  const shape = layout.integers(node.input[1] ?? "");
  return shape?.every((size, at) => size !== 0 || perm[at] === at) === true;
}

function flatten(node: Node, layout: Layout, form: Form, source: readonly Dim[]): boolean {
  const [x = "", ...rest] = node.input;
  const output = node.output[0] ?? "";
  const [, ...inner] = source;
  const [rows, row, ...more] = layout.dims(output) ?? [];
  const sizes = inner.filter((size) => typeof size === "number");
  const count = sizes.reduce((product, size) => product * size, 1);
  const isMatrix = form.perm[0] === 0 && sizes.length === inner.length && row === count && more.length === 0;
  if (!isMatrix || count > longestRow || count < 1 || rows !== source[0]) return false;
  const made = layout.unique(`${output}_moved`);
  layout.nodes.push({ ...node, input: [form.source, ...rest], output: [made] });
  const order = orderOf(
    form.perm.slice(1).map((axis) => axis - 1),
    sizes,
  );
  const make = () => {
    layout.need(x);
    layout.nodes.push({ ...node, name: layout.unique(`${output}_reshape`) });
  };
  layout.shuffles.set(output, { source: made, order, make });
  return true;
}

/** Where in memory the values of a transposed tensor lie. */
function orderOf(perm: readonly number[], source: readonly number[]): Uint32Array {
  const strides = source.map((_, at) => source.slice(at + 1).reduce((product, size) => product * size, 1));
  const moved = permuted(source, perm);
  const steps = permuted(strides, perm);
  const count = source.reduce((product, size) => product * size, 1);
  return Uint32Array.from({ length: count }, (_, at) => {
    let [left, place] = [at, 0];
    for (let axis = moved.length - 1; axis >= 0; axis--) {
      const size = moved[axis] ?? 1;
      place += (left % size) * (steps[axis] ?? 0);
      left = Math.floor(left / size);
    }
    return place;
  });
}

/** What works on one value at a time leaves the order of a row as it is. */
export function carry(node: Node, layout: Layout): boolean {
  const [x = "", ...rest] = node.input;
  const shuffle = layout.shuffles.get(x);
  const [output = ""] = node.output;
  const isSingle = rest.every((name) => name === "" || layout.dims(name)?.every((dim) => dim === 1));
  if (shuffle === undefined || !isSingle || node.output.length !== 1) return false;
  const made = layout.unique(`${output}_moved`);
  layout.nodes.push({ ...node, input: [shuffle.source, ...rest], output: [made] });
  const make = () => {
    layout.need(x);
    layout.nodes.push({ ...node, name: layout.unique(`${output}_again`) });
  };
  layout.shuffles.set(output, { source: made, order: shuffle.order, make });
  return true;
}

/** A product with a constant: the rows of the weights take the order of the columns. */
export function product(node: Node, layout: Layout): boolean {
  const [x = "", w = "", ...rest] = node.input;
  const shuffle = layout.shuffles.get(x);
  if (shuffle === undefined || (smallIntAttribute(node, "transA") ?? 0) !== 0) return false;
  const axis = (smallIntAttribute(node, "transB") ?? 0) === 0 ? 0 : 1;
  const moved = shuffledWeight(w, axis, shuffle, layout);
  if (moved === undefined) return false;
  layout.nodes.push({ ...node, input: [shuffle.source, moved, ...rest] });
  return true;
}

function shuffledWeight(w: string, axis: number, shuffle: Shuffle, layout: Layout): string | undefined {
  const tensor = layout.constant(w);
  if (tensor !== undefined) {
    const made = shuffled(tensor, axis, shuffle.order, layout.unique(`${w}_moved`));
    if (made !== undefined) layout.graph.initializer.push(made);
    return made?.name;
  }
  const maker = layout.producer(w);
  if (maker?.opType !== "DequantizeLinear") return undefined;
  const [quantized = "", scale = "", ...rest] = maker.input;
  const scales = layout.dims(scale);
  const isWhole = scales?.every((size) => size === 1) === true;
  if (!isWhole && (smallIntAttribute(maker, "axis") ?? 1) === axis) return undefined;
  const inner = shuffledWeight(quantized, axis, shuffle, layout);
  if (inner === undefined) return undefined;
  const made = layout.unique(`${w}_moved`);
  const name = layout.unique(`${made}_node`);
  layout.nodes.push({ ...maker, name, input: [inner, scale, ...rest], output: [made] });
  return made;
}

/** A matrix whose positions on an axis take another order: those of what multiplies it now. */
function shuffled(tensor: Tensor, axis: number, order: Uint32Array, name: string): Tensor | undefined {
  if (tensor.dims.length !== 2 || tensor.dims[axis] !== order.length) return undefined;
  const [rows = 0, columns = 0] = tensor.dims;
  const copy = transposeTensor(tensor, [0, 1], name);
  const old = transposeTensor(tensor, [0, 1], name);
  if (copy === undefined || old === undefined) return undefined;
  const [to, from] = [copy.rawData, old.rawData];
  if (!(to instanceof Uint8Array) || !(from instanceof Uint8Array)) return undefined;
  const size = to.length / (rows * columns);
  if (!Number.isInteger(size)) return undefined;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const at = (row * columns + column) * size;
      const [newRow, newColumn] = axis === 0 ? [order[row] ?? 0, column] : [row, order[column] ?? 0];
      const place = (newRow * columns + newColumn) * size;
      for (let byte = 0; byte < size; byte++) to[place + byte] = from[at + byte] ?? 0;
    }
  }
  return copy;
}
