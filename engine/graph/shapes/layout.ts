import { axisOf, type Dim, info, maxValues, productOf, selected, withValues } from "./info.ts";
import type { NodeView, Rule } from "./view.ts";

const unknown = (view: NodeView) => [info(view.dtype(0), undefined)];

/** 0 copies the input's dimension (unless allowzero), −1 takes what is left. */
const reshape: Rule = (view) => {
  const wanted = view.opset < 5 && !view.has(1) ? view.ints("shape") : view.values(1);
  const input = view.inputs[0];
  if (wanted === undefined) {
    // The rank is known where the shape tensor's length is.
    const rank = view.shape(1)?.[0];
    const dims =
      typeof rank === "number" && rank <= 64 ? Array.from({ length: rank }, (): Dim => undefined) : undefined;
    return [info(view.dtype(0), dims)];
  }
  const allowZero = view.int("allowzero") === 1;
  const shape = wanted.map((dim, axis): Dim => (dim === 0 && !allowZero ? input?.shape?.[axis] : dim));
  const free = shape.indexOf(-1);
  if (free >= 0) shape[free] = remaining(input?.shape, shape, free);
  return [withValues(view.dtype(0), shape, input?.values)];
};

/** The dimension that −1 stands for. Symbols that appear on both sides cancel. */
function remaining(from: readonly Dim[] | undefined, to: readonly Dim[], free: number): Dim {
  if (from === undefined) return undefined;
  const left = [...from];
  const right: Dim[] = [];
  to.forEach((dim, axis) => {
    if (axis === free) return;
    const at = typeof dim === "string" ? left.indexOf(dim) : -1;
    if (at >= 0) left.splice(at, 1);
    else right.push(dim);
  });
  const divisor = productOf(right);
  if (divisor === undefined) return undefined;
  const symbols = left.filter((dim) => typeof dim !== "number");
  const product = productOf(left.filter((dim) => typeof dim === "number")) ?? 1;
  if (symbols.length === 0) return divisor > 0 && product % divisor === 0 ? product / divisor : undefined;
  return symbols.length === 1 && product === divisor ? symbols[0] : undefined;
}

/** Product where known; a lone symbol survives multiplication by ones. */
function folded(dims: readonly Dim[]): Dim {
  const others = dims.filter((dim) => dim !== 1);
  return others.length === 1 ? others[0] : productOf(others);
}

const flatten: Rule = (view) => {
  const shape = view.shape(0);
  if (shape === undefined) return [info(view.dtype(0), [undefined, undefined])];
  const axis = view.int("axis") ?? 1;
  const at = axis < 0 ? axis + shape.length : axis;
  return [info(view.dtype(0), [folded(shape.slice(0, at)), folded(shape.slice(at))])];
};

const transpose: Rule = (view) => {
  const shape = view.shape(0);
  if (shape === undefined) return unknown(view);
  const perm = view.ints("perm") ?? shape.map((_, axis) => shape.length - 1 - axis);
  const out = perm.map((axis) => shape[axis]);
  const values = selected(view.values(0), shape, out, (at) => {
    const source: number[] = [];
    perm.forEach((axis, position) => {
      source[axis] = at[position] ?? 0;
    });
    return source;
  });
  return [withValues(view.dtype(0), out, values)];
};

const squeeze: Rule = (view) => {
  const input = view.inputs[0];
  const shape = input?.shape;
  if (shape === undefined) return unknown(view);
  const given = view.intsOf("axes", 1);
  if (given === undefined && (view.has(1) || shape.some((dim) => typeof dim !== "number")))
    return unknown(view);
  const axes = new Set(given?.map((axis) => axisOf(axis, shape.length)));
  const rest = shape.filter((dim, axis) => (given === undefined ? dim !== 1 : !axes.has(axis)));
  return [withValues(view.dtype(0), rest, input?.values)];
};

const unsqueeze: Rule = (view) => {
  const input = view.inputs[0];
  const axes = view.intsOf("axes", 1);
  if (input?.shape === undefined || axes === undefined) return unknown(view);
  const rank = input.shape.length + axes.length;
  const fresh = new Set(axes.map((axis) => axisOf(axis, rank)));
  const rest = [...input.shape];
  const shape = Array.from({ length: rank }, (_, axis) => (fresh.has(axis) ? 1 : rest.shift()));
  return [withValues(view.dtype(0), shape, input.values)];
};

const concat: Rule = (view) => {
  const [head] = view.inputs;
  const rank = head?.shape?.length;
  const axis = rank === undefined ? undefined : axisOf(view.int("axis") ?? 1, rank);
  if (head?.shape === undefined || axis === undefined) return unknown(view);
  const shape: Dim[] = [...head.shape];
  let total: Dim = 0;
  for (const input of view.inputs) {
    if (input?.shape?.length !== rank) return unknown(view);
    const size: Dim = input?.shape?.[axis];
    total = typeof total === "number" && typeof size === "number" ? total + size : undefined;
    input?.shape?.forEach((dim, at) => {
      if (typeof shape[at] !== "number" && at !== axis) shape[at] = typeof dim === "number" ? dim : shape[at];
    });
  }
  shape[axis] = view.inputs.length === 1 ? head.shape[axis] : total;
  const lists = view.inputs.map((input) => input?.values);
  const length = lists.reduce((sum, list) => sum + (list?.length ?? Number.NaN), 0);
  const whole = rank === 1 && length <= maxValues ? lists.flatMap((list) => list ?? []) : undefined;
  return [withValues(view.dtype(0), shape, whole)];
};

const split: Rule = (view) => {
  const input = view.inputs[0];
  const shape = input?.shape;
  const count = view.node.output.length;
  const axis = shape === undefined ? undefined : axisOf(view.int("axis") ?? 0, shape.length);
  if (shape === undefined || axis === undefined)
    return view.node.output.map(() => info(view.dtype(0), undefined));
  const given = view.intsOf("split", 1);
  const size = shape[axis];
  const chunk = typeof size === "number" ? Math.ceil(size / (view.int("num_outputs") ?? count)) : undefined;
  let start = 0;
  return view.node.output.map((_, at) => {
    const even =
      chunk === undefined || typeof size !== "number" ? undefined : Math.min(chunk, size - at * chunk);
    const part: Dim = given !== undefined ? given[at] : view.has(1) ? undefined : even;
    const dims = shape.map((dim, position) => (position === axis ? part : dim));
    const end = start + (part ?? 0);
    const values = shape.length === 1 && part !== undefined ? input?.values?.slice(start, end) : undefined;
    start = end;
    return withValues(view.dtype(0), dims, values);
  });
};

const expand: Rule = (view) => {
  const input = view.inputs[0];
  const target = view.values(1);
  const length = view.shape(1)?.[0];
  if (
    input?.shape !== undefined &&
    target === undefined &&
    typeof length === "number" &&
    length <= maxValues
  ) {
    const dims = new Array<Dim>(Math.max(length, input.shape.length)).fill(undefined);
    return [info(view.dtype(0), dims)];
  }
  if (input?.shape === undefined || target === undefined) return unknown(view);
  const rank = Math.max(input.shape.length, target.length);
  const from = [...new Array<Dim>(rank - input.shape.length).fill(1), ...input.shape];
  const to = [...new Array<Dim>(rank - target.length).fill(1), ...target];
  const shape = from.map((dim, axis): Dim => {
    const wanted = to[axis];
    if (wanted === 1 || wanted === dim) return dim;
    return dim === 1 ? wanted : typeof dim === "number" ? dim : undefined;
  });
  const count = productOf(shape);
  const fill =
    input.values?.length === 1 && count !== undefined && count <= maxValues ? input.values[0] : undefined;
  const values = fill === undefined ? undefined : Array.from({ length: count ?? 0 }, () => fill);
  return [withValues(view.dtype(0), shape, values)];
};

const tile: Rule = (view) => {
  const shape = view.shape(0);
  const repeats = view.values(1);
  if (shape === undefined || repeats?.length !== shape.length)
    return [
      info(
        view.dtype(0),
        shape?.map(() => undefined),
      ),
    ];
  return [
    info(
      view.dtype(0),
      shape.map((dim, axis) => folded([dim, repeats[axis]])),
    ),
  ];
};

/** Axis `axis` divided by `from`, the others multiplied: DepthToSpace and its inverse. */
function blocks(toSpace: boolean): Rule {
  return (view) => {
    const shape = view.shape(0);
    const size = view.int("blocksize");
    if (shape?.length !== 4 || size === undefined || size < 1) return unknown(view);
    const scale = (dim: Dim, factor: number): Dim => {
      const result = typeof dim === "number" ? dim * factor : undefined;
      return result !== undefined && Number.isInteger(result) ? result : undefined;
    };
    const [depth, space] = toSpace ? [1 / size / size, size] : [size * size, 1 / size];
    return [
      info(view.dtype(0), [shape[0], scale(shape[1], depth), scale(shape[2], space), scale(shape[3], space)]),
    ];
  };
}

export const layoutRules: Record<string, Rule> = {
  Reshape: reshape,
  Flatten: flatten,
  Transpose: transpose,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Concat: concat,
  Split: split,
  Expand: expand,
  Tile: tile,
  DepthToSpace: blocks(true),
  SpaceToDepth: blocks(false),
};
