import type { Emitter } from "../emitter.ts";
import { fromFront, type Operand, sizeOf } from "../operand.ts";
import { ruleOf, type Site } from "../rule.ts";
import { padZeros, reshape, reverse, zeros } from "../tensors.ts";

/** What is kept along one axis, in rising order: `first`, `first + step` … */
interface Span {
  readonly axis: number;
  readonly first: number;
  readonly step: number;
  readonly isReversed: boolean;
}

/** The part goes back to its place among zeros; with steps, zeros go between its entries. */
export const sliceRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  if (sizeOf(dy.dims) === 0) return [zeros(emit, x.dims)];
  const spans = spansOf(site, x.dims, dy.dims);
  const turned = spans.filter(({ isReversed }) => isReversed).map(({ axis }) => axis);
  let part = reverse(emit, dy, turned);
  for (const { axis, step } of spans) part = stretch(emit, part, axis, step);
  const before = x.dims.map((_, axis) => spans.find((span) => span.axis === axis)?.first ?? 0);
  // Below zero where the zeros after the last entry reach beyond the end.
  const after = x.dims.map((dim, axis) => dim - (before[axis] ?? 0) - (part.dims[axis] ?? 0));
  return [padZeros(emit, part, before, after)];
});

/** Starts are clamped as ONNX's Slice does. */
function spansOf(site: Site, dims: readonly number[], kept: readonly number[]): Span[] {
  const starts = site.constants(1) ?? [];
  const axes = site.constants(3) ?? starts.map((_, axis) => axis);
  const steps = site.constants(4) ?? starts.map(() => 1);
  return starts.map((start, at) => {
    const axis = fromFront(axes[at] ?? 0, dims.length);
    const [dim, step] = [dims[axis] ?? 0, steps[at] ?? 1];
    const from = Math.max(0, Math.min(fromFront(start, dim), step > 0 ? dim : dim - 1));
    const last = from + ((kept[axis] ?? 1) - 1) * step;
    return { axis, first: Math.min(from, last), step: Math.abs(step), isReversed: step < 0 };
  });
}

/** `step − 1` zeros after each entry along an axis. */
function stretch(emit: Emitter, x: Operand, axis: number, step: number): Operand {
  const count = x.dims[axis] ?? 1;
  if (step === 1 || count === 1) return x;
  const [outer, inner] = [x.dims.slice(0, axis), x.dims.slice(axis + 1)];
  const single = reshape(emit, x, [...outer, count, 1, ...inner]);
  const none = single.dims.map(() => 0);
  const padded = padZeros(
    emit,
    single,
    none,
    none.map((_, at) => (at === axis + 1 ? step - 1 : 0)),
  );
  return reshape(emit, padded, [...outer, count * step, ...inner]);
}
