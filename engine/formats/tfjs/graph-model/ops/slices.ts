import { makeInt } from "#engine/onnx/attributes.ts";
import { malformed } from "../../artifact/fault.ts";
import { maxParts } from "../../artifact/limits.ts";
import type { Dim } from "../../graph/signal.ts";
import {
  axisOf,
  constantOf,
  constants,
  emit,
  input,
  type OpCall,
  type OpRule,
  refuse,
  used,
} from "../call.ts";
import type { Value } from "../value.ts";

/** Where a slice stops that goes to the end, in the direction of its step. */
const end = 2 ** 31 - 1;

interface Cut {
  readonly axis: number;
  readonly start: number;
  readonly stop: number;
  readonly step: number;
}

/** How many elements a slice has, as ONNX and TensorFlow clamp its ends. */
function lengthOf(dim: Dim, { start, stop, step }: Cut): Dim {
  const isWhole = step === 1 && start === 0 && stop === end;
  if (isWhole) return dim;
  if (typeof dim !== "number") return null;
  const clamp = (at: number) => {
    const found = at < 0 ? at + dim : at;
    return step > 0 ? Math.min(dim, Math.max(0, found)) : Math.min(dim - 1, Math.max(-1, found));
  };
  return Math.max(0, Math.ceil((clamp(stop) - clamp(start)) / step));
}

function cutAway(call: OpCall, x: Value, cuts: readonly Cut[]): Value {
  const real = cuts.filter(({ start, stop, step }) => !(start === 0 && stop === end && step === 1));
  const dims = x.dims.map((dim, axis) => {
    const cut = real.find((one) => one.axis === axis);
    return cut === undefined ? dim : lengthOf(dim, cut);
  });
  if (real.length === 0) return x;
  const { writer } = call;
  const list = (what: keyof Cut) => writer.ints(real.map((cut) => cut[what]));
  const inputs = [x, list("start"), list("stop"), list("axis"), list("step")];
  return { ...emit(call, "Slice", inputs, dims, x.dtype), ...knownOf(x, real[0]) };
}

function knownOf(x: Value, cut: Cut | undefined): { readonly known?: readonly Dim[] } {
  if (x.known === undefined || x.dims.length !== 1 || cut === undefined) return {};
  const count = lengthOf(x.known.length, cut);
  const from =
    cut.start < 0
      ? Math.max(0, cut.start + x.known.length)
      : Math.min(cut.start, x.known.length - (cut.step < 0 ? 1 : 0));
  if (typeof count !== "number") return {};
  return { known: Array.from({ length: count }, (_, at) => x.known?.[from + at * cut.step] ?? null) };
}

/** Slice(x, begin, size), where −1 is all that is left. */
export const slice: OpRule = (call) => {
  const x = input(call, 0);
  const begin = constants(call, 1, "places");
  const size = constants(call, 2, "sizes");
  if (begin.length !== x.dims.length || size.length !== x.dims.length || Math.min(0, ...begin) < 0) {
    throw malformed("Its begin and size are not one number for each axis", call.place);
  }
  const cuts = begin.map((start, axis) => {
    const count = size[axis] ?? -1;
    return { axis, start, stop: count < 0 ? end : start + count, step: 1 };
  });
  return [cutAway(call, x, cuts)];
};

/**
 * StridedSlice with its masks (TensorFlow, `strided_slice_op.h`): an ellipsis stands for the axes that nothing is said of; a
 * new axis takes no axis of the input; an axis that shrinks keeps one element and goes.
 */
export const stridedSlice: OpRule = (call) => {
  const x = input(call, 0);
  const [begin, stops, strides] = [1, 2, 3].map((at) => constants(call, at, "places"));
  if (begin === undefined || stops === undefined || strides === undefined) return [];
  if (stops.length !== begin.length || strides.length !== begin.length || begin.length > 16) {
    throw malformed("Its begin, end and strides are not of one length", call.place);
  }
  const mask = (name: string) => {
    const bits = call.attributes.int(name, 0);
    return (at: number) => Math.floor(bits / 2 ** at) % 2 === 1;
  };
  const [isBegin, isEnd, isEllipsis, isNew, isGone] = [
    mask("begin_mask"),
    mask("end_mask"),
    mask("ellipsis_mask"),
    mask("new_axis_mask"),
    mask("shrink_axis_mask"),
  ];
  const said = begin.filter((_, at) => !isEllipsis(at) && !isNew(at)).length;
  if (said > x.dims.length) throw malformed("It slices more axes than there are", call.place);
  const cuts: Cut[] = [];
  const gone: number[] = [];
  /** For each axis of the result: an axis of the input, or a new one. */
  const result: (number | "new")[] = [];
  let axis = 0;
  for (const [at, written] of begin.entries()) {
    if (isEllipsis(at)) {
      const skipped = x.dims.length - said;
      for (let step = 0; step < skipped; step++) result.push(axis++);
      continue;
    }
    if (isNew(at)) {
      result.push("new");
      continue;
    }
    const step = strides[at] ?? 1;
    if (step === 0) throw malformed("Its stride is 0", call.place);
    if (isGone(at)) {
      gone.push(axis);
      cuts.push({ axis, start: written, stop: written === -1 ? end : written + 1, step: 1 });
    } else {
      const start = isBegin(at) ? (step > 0 ? 0 : end) : written;
      cuts.push({ axis, start, stop: isEnd(at) ? (step > 0 ? end : -end) : (stops[at] ?? 0), step });
      result.push(axis);
    }
    axis++;
  }
  while (axis < x.dims.length) result.push(axis++);
  const cut = cutAway(call, x, cuts);
  const { writer } = call;
  const left = cut.dims.filter((_, at) => !gone.includes(at));
  const known = cut.known === undefined ? {} : { known: cut.known };
  const squeezed: Value =
    gone.length === 0 ? cut : { ...emit(call, "Squeeze", [cut, writer.ints(gone)], left, x.dtype), ...known };
  const fresh = result.flatMap((one, at) => (one === "new" ? [at] : []));
  if (fresh.length === 0) return [squeezed];
  const dims = result.map((one) => (one === "new" ? 1 : (cut.dims[one] ?? null)));
  return [{ ...emit(call, "Unsqueeze", [squeezed, writer.ints(fresh)], dims, x.dtype), ...known }];
};

/** Split(axis, x) into equal parts, SplitV(x, sizes, axis) into others. */
export const split: OpRule = (call) => {
  const isEqual = call.op === "Split";
  const x = input(call, isEqual ? 1 : 0);
  const axis = axisOf(call, constantOf(call, isEqual ? 0 : 2, "axis"), x.dims.length);
  const size = x.dims[axis];
  if (typeof size !== "number") return refuse(call, "along an axis of open size");
  const parts = isEqual ? equalParts(call, size) : restParts(call, size);
  const names = call.writer.nodeOf(
    "Split",
    [used(call, x).name, call.writer.ints(parts)],
    call.scope,
    parts.map(() => true),
    [makeInt("axis", axis)],
  );
  return names.map((name, at) => ({ name, dims: x.dims.with(axis, parts[at] ?? null), dtype: x.dtype }));
};

function equalParts(call: OpCall, size: number): number[] {
  const count = call.attributes.int("num_split", 1);
  if (count > maxParts) refuse(call, `into more than ${maxParts} parts`);
  if (count < 1 || size % count !== 0)
    throw malformed(`${size} do not divide into ${count} parts`, call.place);
  return Array.from({ length: count }, () => size / count);
}

function restParts(call: OpCall, size: number): number[] {
  const parts = constants(call, 1, "sizes");
  const sum = parts.reduce((total, part) => total + Math.max(0, part), 0);
  const whole = parts.map((part) => (part === -1 ? size - sum : part));
  if (whole.some((part) => part < 0) || whole.reduce((total, part) => total + part, 0) !== size) {
    throw malformed(`Its parts are not ${size} together`, call.place);
  }
  return whole;
}

/** The values along an axis, which goes. */
export const unpack: OpRule = (call) => {
  const x = input(call, 0);
  const axis = axisOf(call, call.attributes.int("axis", 0), x.dims.length);
  const count = x.dims[axis];
  if (typeof count !== "number" || count > maxParts) return refuse(call, "along an axis of open size");
  const dims = x.dims.filter((_, at) => at !== axis);
  return Array.from({ length: count }, (_, at): Value => {
    const place = call.writer.ints(at);
    const value = emit(call, "Gather", [x, place], dims, x.dtype, [makeInt("axis", axis)]);
    return {
      ...value,
      ...(x.known !== undefined && x.dims.length === 1 && { known: [x.known[at] ?? null] }),
    };
  });
};

/** Gather, GatherV2. */
export const gather: OpRule = (call) => {
  const [x, at] = [input(call, 0), input(call, 1)];
  const axis = call.inputs.length > 2 ? axisOf(call, constantOf(call, 2, "axis"), x.dims.length) : 0;
  const shared = call.attributes.int("batch_dims", 0);
  if (shared !== 0) refuse(call, "with batch_dims");
  const dims = [...x.dims.slice(0, axis), ...at.dims, ...x.dims.slice(axis + 1)];
  const places = at.known?.filter((place) => typeof place === "number");
  const isShape = x.known !== undefined && x.dims.length === 1 && places?.length === at.known?.length;
  const known = isShape && places ? { known: places.map((place) => x.known?.[place] ?? null) } : {};
  return [{ ...emit(call, "Gather", [x, at], dims, x.dtype, [makeInt("axis", axis)]), ...known }];
};

export const gatherNd: OpRule = (call) => {
  const [x, at] = [input(call, 0), input(call, 1)];
  const depth = at.dims.at(-1);
  if (typeof depth !== "number" || depth > x.dims.length) return refuse(call, "with places of open depth");
  const { writer, scope } = call;
  const places = writer.node("Cast", [used(call, at).name], scope, [makeInt("to", 7)]);
  return [emit(call, "GatherND", [x, places], [...at.dims.slice(0, -1), ...x.dims.slice(depth)], x.dtype)];
};

/** The order along axes turned round. */
export const reverse: OpRule = (call) => {
  const x = input(call, 0);
  const axes = constants(call, 1, "axes").map((axis) => axisOf(call, axis, x.dims.length));
  return [
    cutAway(
      call,
      x,
      axes.map((axis) => ({ axis, start: end, stop: -end, step: -1 })),
    ),
  ];
};
