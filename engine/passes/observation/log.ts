import { elementCount, type HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { makeInt, makeNode, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { type DType, dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Graph, Node } from "#engine/onnx/model.ts";

/** A list of numbers that a graph makes. */
export interface List {
  readonly name: string;
  readonly dtype: DType;
}

/**
 * All that a value was while a graph ran once. A value of a loop's body occurs many times, in many shapes perhaps, and
 * one of a branch does not occur where the other branch was taken; two lists hold whatever there is, because lists may
 * be empty and can be joined.
 */
export interface Log {
  /** The elements of all occurrences, one after another. */
  readonly elements: List;
  /** For each occurrence its rank and then its sizes, int64. */
  readonly shapes: List;
}

/** Makes an unused name from one that is wanted. */
export type Names = (wanted: string) => string;

/** Lets the graph that defines a value note its occurrence, of which there is one whenever that graph runs. */
export function logOf(graph: Graph, value: string, dtype: DType, names: Names): Log {
  const elements = { name: names(`${value}_elements`), dtype };
  const shapes: List = { name: names(`${value}_shapes`), dtype: "int64" };
  const [shape, rank] = [names(`${value}_shape`), names(`${value}_rank`)];
  flatten(graph, value, elements.name, names);
  graph.node.push(
    makeNode("Shape", [value], [shape]),
    makeNode("Shape", [shape], [rank]),
    makeNode("Concat", [rank, shape], [shapes.name], { attribute: [makeInt("axis", 0)] }),
  );
  return { elements, shapes };
}

/** Adds a node that makes a list of a tensor. */
export function flatten(graph: Graph, tensor: string, list: string, names: Names): void {
  const all = names(`${list}_all`);
  graph.initializer.push(makeTensor(all, "int64", [1], BigInt64Array.of(-1n)));
  graph.node.push(makeNode("Reshape", [tensor, all], [list]));
}

/** A node that makes a list without elements. */
export function emptyList({ name, dtype }: List): Node {
  const nothing = { dims: [0], dataType: dtypes[dtype].code, rawData: new Uint8Array() };
  return makeNode("Constant", [], [name], { attribute: [makeTensorAttribute("value", nothing)] });
}

/** The occurrences that a log of numbers holds; undefined where its lists do not fit each other. */
export function occurrences(
  elements: HostTensor | undefined,
  shapes: HostTensor | undefined,
): HostTensor[] | undefined {
  const data = elements?.data;
  if (elements === undefined || !ArrayBuffer.isView(data)) return undefined;
  if (!(shapes?.data instanceof BigInt64Array)) return undefined;
  const sizes = Array.from(shapes.data, Number);
  const found: HostTensor[] = [];
  let from = 0;
  for (let at = 0; at < sizes.length; ) {
    const start = at + 1;
    at = start + (sizes[at] ?? 0);
    const dims = sizes.slice(start, at);
    const to = from + elementCount(dims);
    found.push({ dtype: elements.dtype, dims, data: data.subarray(from, to) });
    from = to;
  }
  return from === data.length ? found : undefined;
}
