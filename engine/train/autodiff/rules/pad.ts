import type { Emitter } from "../emitter.ts";
import { fromFront, type Operand } from "../operand.ts";
import { ruleOf, type Site } from "../rule.ts";
import { padZeros, reduceSum, reverse, slice, sub } from "../tensors.ts";

/**
 * The part that was there before; what was mirrored or repeated at the borders is added to where it came from. A padding
 * value gets the sum of all that is not in that part.
 */
export const padRule = ruleOf((site, dy, emit) => {
  const mode = site.text("mode", "constant");
  const [before, after] = padsOf(site);
  if (mode === "constant") {
    const part = padZeros(emit, dy, before.map(negative), after.map(negative));
    return [part, undefined, site.wants(2) ? sub(emit, total(emit, dy), total(emit, part)) : undefined];
  }
  if (mode !== "reflect" && mode !== "edge") throw site.refusal(`mode ${mode}`);
  if ([...before, ...after].some((count) => count < 0)) throw site.refusal(`negative pads in mode ${mode}`);
  return [
    before.reduce(
      (part, count, axis) => fold(emit, part, axis, count, after[axis] ?? 0, mode === "reflect"),
      dy,
    ),
  ];
});

function negative(count: number): number {
  return -count;
}

function padsOf(site: Site): [before: number[], after: number[]] {
  const rank = site.input(0).dims.length;
  const pads = site.constants(1) ?? [];
  const all = Array.from({ length: rank }, (_, axis) => axis);
  const axes = (site.constants(3) ?? all).map((axis) => fromFront(axis, rank));
  const side = (offset: number) =>
    all.map((axis) => (axes.includes(axis) ? (pads[offset + axes.indexOf(axis)] ?? 0) : 0));
  return [side(0), side(axes.length)];
}

function total(emit: Emitter, x: Operand): Operand {
  return reduceSum(
    emit,
    x,
    x.dims.map((_, axis) => axis),
    false,
  );
}

/** Adds both borders along an axis to the values that they were copied from. */
function fold(
  emit: Emitter,
  dy: Operand,
  axis: number,
  before: number,
  after: number,
  isReflected: boolean,
): Operand {
  const dim = (dy.dims[axis] ?? 0) - before - after;
  const placed = (part: Operand, start: number) => {
    const at = (count: number) => dy.dims.map((_, other) => (other === axis ? count : 0));
    return padZeros(emit, part, at(start), at(dim - start - (part.dims[axis] ?? 0)));
  };
  const border = (from: number, count: number, place: number) => {
    if (count === 0) return [];
    const part = slice(emit, dy, [axis], [from], [from + count]);
    return [
      isReflected ? placed(reverse(emit, part, [axis]), place) : placed(reduceSum(emit, part, [axis]), place),
    ];
  };
  const parts = [
    slice(emit, dy, [axis], [before], [before + dim]),
    ...border(0, before, isReflected ? 1 : 0),
    ...border(before + dim, after, isReflected ? dim - 1 - after : dim - 1),
  ];
  const [first = dy] = parts;
  return parts.length === 1 ? first : emit.op("Sum", parts, first.dims);
}
