import { dtypes } from "#engine/onnx/dtypes.ts";
import { axisOf, type Dim, info, isNumbers, maxValues, selected, withValues } from "./info.ts";
import type { NodeView, Rule } from "./view.ts";

const int64 = dtypes.int64.code;
const unknown = (view: NodeView) => [info(view.dtype(0), undefined)];

interface Range {
  readonly start: number;
  readonly end: number;
  readonly step: number;
}

/** Bounds of one axis clamped as ONNX does (NumPy's slicing; a negative step walks backwards). */
function clampRange({ start, end, step }: Range, size: number): Range {
  const from = start < 0 ? start + size : start;
  const to = end < 0 ? end + size : end;
  return step > 0
    ? { start: Math.min(Math.max(from, 0), size), end: Math.min(Math.max(to, 0), size), step }
    : { start: Math.min(Math.max(from, 0), size - 1), end: Math.min(Math.max(to, -1), size - 1), step };
}

function rangeLength({ start, end, step }: Range): number {
  return Math.max(0, Math.ceil((end - start) / step));
}

const slice: Rule = (view) => {
  const input = view.inputs[0];
  const shape = input?.shape;
  if (shape === undefined) return unknown(view);
  const [starts, ends] = [view.intsOf("starts", 1), view.intsOf("ends", 2)];
  const axesKnown = !view.has(3) || view.numbers(3) !== undefined;
  const axes = view.intsOf("axes", 3) ?? starts?.map((_, at) => at) ?? view.values(1)?.map((_, at) => at);
  if (axes === undefined || !axesKnown)
    return [
      info(
        view.dtype(0),
        shape.map(() => undefined),
      ),
    ];
  const steps = view.has(4) ? view.numbers(4) : axes.map(() => 1);
  const out: Dim[] = [...shape];
  const ranges = new Map<number, Range>();
  axes.forEach((axis, at) => {
    const position = axisOf(axis, shape.length);
    if (position === undefined) return;
    const size = shape[position];
    const [start, end, step] = [starts?.[at], ends?.[at], steps?.[at]];
    // The whole axis from the start: a symbol stays itself.
    if (start === 0 && step === 1 && end !== undefined && end >= 2 ** 31 - 1) return;
    if (start === undefined || end === undefined || !step || typeof size !== "number") {
      out[position] = undefined;
      return;
    }
    const range = clampRange({ start, end, step }, size);
    ranges.set(position, range);
    out[position] = rangeLength(range);
  });
  const values = selected(input?.values, shape, out, (index) =>
    index.map((at, axis) => {
      const range = ranges.get(axis);
      return range === undefined ? at : range.start + at * range.step;
    }),
  );
  return [withValues(view.dtype(0), out, values)];
};

const gather: Rule = (view) => {
  const [data, indices] = view.inputs;
  if (data?.shape === undefined || indices?.shape === undefined) return unknown(view);
  const axis = axisOf(view.int("axis") ?? 0, data.shape.length);
  if (axis === undefined) return unknown(view);
  const shape = [...data.shape.slice(0, axis), ...indices.shape, ...data.shape.slice(axis + 1)];
  const { values } = data;
  const wanted = indices.values;
  if (values === undefined || data.shape.length !== 1 || !isNumbers(wanted)) return [info(data.dtype, shape)];
  return [
    withValues(
      data.dtype,
      shape,
      wanted.map((at) => values[at < 0 ? at + values.length : at]),
    ),
  ];
};

const gatherND: Rule = (view) => {
  const [data, indices] = [view.shape(0), view.shape(1)];
  const batch = view.int("batch_dims") ?? 0;
  const depth = indices?.at(-1);
  if (data === undefined || indices === undefined || typeof depth !== "number") return unknown(view);
  return [info(view.dtype(0), [...indices.slice(0, -1), ...data.slice(batch + depth)])];
};

const pad: Rule = (view) => {
  const shape = view.shape(0);
  if (shape === undefined) return unknown(view);
  const pads = view.opset < 2 ? view.ints("paddings") : view.intsOf("pads", 1);
  const axes = view.has(3) ? view.numbers(3) : shape.map((_, at) => at);
  if (pads === undefined || axes === undefined)
    return [
      info(
        view.dtype(0),
        shape.map(() => undefined),
      ),
    ];
  const out: Dim[] = [...shape];
  axes.forEach((axis, at) => {
    const position = axisOf(axis, shape.length);
    if (position === undefined) return;
    const added = (pads[at] ?? 0) + (pads[at + axes.length] ?? 0);
    const size = shape[position];
    out[position] = added === 0 ? size : typeof size === "number" ? size + added : undefined;
  });
  return [info(view.dtype(0), out)];
};

const topK: Rule = (view) => {
  const shape = view.shape(0);
  const axis = shape === undefined ? undefined : axisOf(view.int("axis") ?? -1, shape.length);
  const k = view.opset < 10 ? view.int("k") : view.values(1)?.[0];
  const out = shape?.map((dim, at) => (at === axis ? k : dim));
  return [info(view.dtype(0), out), info(int64, out)];
};

const oneHot: Rule = (view) => {
  const indices = view.shape(0);
  if (indices === undefined) return [info(view.dtype(2), undefined)];
  const rank = indices.length + 1;
  const axis = axisOf(view.int("axis") ?? -1, rank) ?? rank - 1;
  return [info(view.dtype(2), [...indices.slice(0, axis), view.values(1)?.[0], ...indices.slice(axis)])];
};

const shapeOf: Rule = (view) => {
  const shape = view.shape(0);
  if (shape === undefined) return [info(int64, [undefined])];
  const rank = shape.length;
  const bound = (value: number) => Math.min(Math.max(value < 0 ? value + rank : value, 0), rank);
  const part = shape.slice(bound(view.int("start") ?? 0), bound(view.int("end") ?? rank));
  return [withValues(int64, [part.length], part)];
};

const size: Rule = (view) => {
  const shape = view.shape(0);
  const count = shape?.every((dim) => typeof dim === "number") ? shape.reduce((a, b) => a * b, 1) : undefined;
  return [withValues(int64, [], count === undefined ? undefined : [count])];
};

const range: Rule = (view) => {
  const [start, limit, delta] = [view.numbers(0)?.[0], view.numbers(1)?.[0], view.numbers(2)?.[0]];
  const dtype = view.dtype(0);
  if (start === undefined || limit === undefined || !delta) {
    // From 0 in steps of 1 there are as many as the limit says, which may be a symbol.
    return [info(dtype, [start === 0 && delta === 1 ? view.values(1)?.[0] : undefined])];
  }
  const count = Math.max(0, Math.ceil((limit - start) / delta));
  const values =
    count <= maxValues ? Array.from({ length: count }, (_, at) => start + at * delta) : undefined;
  return [withValues(dtype, [count], values)];
};

export const selectRules: Record<string, Rule> = {
  Slice: slice,
  Gather: gather,
  GatherElements: (view) => [info(view.dtype(0), view.shape(1))],
  GatherND: gatherND,
  Pad: pad,
  TopK: topK,
  OneHot: oneHot,
  Shape: shapeOf,
  Size: size,
  Range: range,
  NonZero: (view) => [info(int64, [view.shape(0)?.length, undefined])],
  NonMaxSuppression: () => [info(int64, [undefined, 3])],
};
