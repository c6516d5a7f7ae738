import type { Value } from "#engine/graph/index.ts";
import { makeTensorAttribute, setAttribute } from "#engine/onnx/attributes.ts";
import type { Graph, Model, Tensor, ValueInfo } from "#engine/onnx/model.ts";
import { dropStaleTypes, removeUnused } from "../unused.ts";
import type { LabelledConstant } from "./constants.ts";
import type { Cut } from "./cut.ts";
import { takePositions } from "./take.ts";
import type { Axes } from "./units.ts";
import type { Trace } from "./visit.ts";

/** Carries a cut out: tensors, the attributes and shapes that name sizes, and the types that the file records. */
export function rewrite(model: Model, trace: Trace, cut: Cut): void {
  for (const edit of trace.edits) edit(cut);
  const fresh = new Map<Value, Tensor>();
  for (const { original, tensor, readers } of copiesOf(trace, cut)) {
    if (readers === undefined) {
      fresh.set(original, tensor());
      continue;
    }
    const name = cut.addTensor(original.scope, `${original.name}_pruned`, tensor());
    for (const { node, position } of readers) cut.setInput(node, position, name);
  }
  const declared = new Map<Value, readonly number[]>();
  for (const [value, tensor] of fresh) {
    declared.set(value, tensor.dims);
    if (value.producer !== undefined) setAttribute(value.producer, makeTensorAttribute("value", tensor));
  }
  for (const scope of trace.index.scopes) {
    const { graph } = scope;
    if (graph === undefined) continue;
    const values = trace.index.values(scope);
    graph.initializer = graph.initializer.map((tensor) => {
      const value = values.get(tensor.name ?? "");
      return (value?.initializer === tensor ? fresh.get(value) : undefined) ?? tensor;
    });
    declare(graph, (name) => {
      const value = values.get(name);
      if (value === undefined) return undefined;
      return declared.get(value) ?? sizesOf(trace.axes.get(value), cut);
    });
  }
  cut.finish(trace.index.scopes);
  removeUnused(model, cut.unread);
  dropStaleTypes(model);
}

/** New sizes of the axes that were cut. */
function sizesOf(axes: Axes | undefined, cut: Cut): readonly (number | undefined)[] | undefined {
  if (!axes?.some((axis) => cut.isCut(axis))) return undefined;
  return axes.map((axis) => (cut.isCut(axis) ? cut.size(axis) : undefined));
}

function declare(graph: Graph, sizes: (name: string) => readonly (number | undefined)[] | undefined): void {
  const update = (info: ValueInfo): ValueInfo => {
    const now = sizes(info.name);
    const tensorType = info.type?.tensorType;
    if (now === undefined || tensorType?.shape === undefined) return info;
    const dim = tensorType.shape.dim.map((old, at) => {
      const size = now[at];
      return size === undefined ? old : { dimValue: size };
    });
    return {
      ...info,
      type: { ...info.type, tensorType: { ...tensorType, shape: { ...tensorType.shape, dim } } },
    };
  };
  graph.input = graph.input.map(update);
  graph.valueInfo = graph.valueInfo.map(update);
}

interface Copy {
  readonly original: Value;
  readonly tensor: () => Tensor;
  /** Elements of the original and of the copy. */
  readonly before: number;
  readonly elements: number;
  /** Undefined where the tensor takes the place of the original. */
  readonly readers: readonly NonNullable<LabelledConstant["reader"]>[] | undefined;
}

/** The tensors that a cut makes. A vector that its readers cut in different ways is made once for each way. */
function* copiesOf(trace: Trace, cut: Cut): Generator<Copy> {
  const vectors = new Map<Value, LabelledConstant[]>();
  for (const constant of trace.constants.all) {
    if (constant.reader === undefined) {
      if (constant.axes.some((axis) => cut.isCut(axis))) yield copy(constant, cut, undefined);
    } else {
      const list = vectors.get(constant.value);
      if (list === undefined) vectors.set(constant.value, [constant]);
      else list.push(constant);
    }
  }
  for (const list of vectors.values()) {
    const ways = new Map<string, LabelledConstant[]>();
    for (const constant of list) {
      const way = constant.axes.map((axis) => (cut.isCut(axis) ? cut.kept(axis).join() : "")).join("|");
      ways.set(way, [...(ways.get(way) ?? []), constant]);
    }
    for (const [way, members] of ways) {
      const [first] = members;
      if (first === undefined || /^\|*$/.test(way)) continue;
      const readers = members.flatMap(({ reader }) => (reader === undefined ? [] : [reader]));
      yield copy(first, cut, ways.size === 1 ? undefined : readers);
    }
  }
}

function copy(constant: LabelledConstant, cut: Cut, readers: Copy["readers"]): Copy {
  const kept = constant.axes.map((axis) => (cut.isCut(axis) ? cut.kept(axis) : undefined));
  const elements = constant.tensor.dims.reduce((product, dim, at) => product * (kept[at]?.length ?? dim), 1);
  return {
    original: constant.value,
    tensor: () => takePositions(constant.tensor, kept),
    before: constant.tensor.dims.reduce((a, b) => a * b, 1),
    elements,
    readers,
  };
}

/** Parameters that a cut saves, before it is carried out. */
export function parametersSaved(trace: Trace, cut: Cut): number {
  let saved = 0;
  for (const { before, elements, readers } of copiesOf(trace, cut)) {
    saved += readers === undefined ? before - elements : -elements;
  }
  return saved;
}
