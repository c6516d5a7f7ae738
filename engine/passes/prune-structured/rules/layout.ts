import { axisOf } from "#engine/graph/shapes/info.ts";
import { makeInts, removeAttribute, setAttribute } from "#engine/onnx/attributes.ts";
import type { Axes, Axis } from "../units.ts";
import { type AxesRule, fixedAxes, type Visit } from "../visit.ts";

const transpose: AxesRule = (visit) => {
  const axes = visit.axes(0);
  const perm = visit.ints("perm", 1) ?? axes.map((_, at) => axes.length - 1 - at);
  return [perm.map((at) => axes[at])];
};

const unsqueeze: AxesRule = (visit) => {
  const given = visit.ints("axes", 1);
  const rank = visit.rank(0);
  if (given === undefined || rank === undefined) return [];
  const fresh = new Set(given.map((axis) => axisOf(axis, rank + given.length)));
  const rest = [...visit.axes(0)];
  return [Array.from({ length: rank + given.length }, (_, at) => (fresh.has(at) ? undefined : rest.shift()))];
};

const squeeze: AxesRule = (visit) => {
  const shape = visit.shape(0);
  const given = visit.ints("axes", 1);
  if (shape === undefined || (given === undefined && visit.has(1))) return [];
  // Without axes whatever is 1 long goes, also what would only be after the cut.
  if (given === undefined) return [];
  const gone = new Set(given.map((axis) => axisOf(axis, shape.length)));
  return [visit.axes(0).filter((_, at) => !gone.has(at))];
};

/** Blocks one behind the other. A block of fixed size takes part with units that stay. */
const concat: AxesRule = (visit) => {
  const parts = visit.node.input.map((_, position) => visit.axes(position));
  const ranks = new Set(visit.node.input.map((_, position) => visit.rank(position)));
  const rank = visit.rank(0);
  if (rank === undefined || ranks.size !== 1) return [];
  const along = axisOf(visit.int("axis") ?? 1, rank);
  if (along === undefined) return [];
  const out: (Axis | undefined)[] = [...fixedAxes(visit.shape(0))];
  for (let at = 0; at < rank; at++) {
    if (at === along) continue;
    const axes = parts.map((axes) => axes[at]);
    for (const axis of axes) visit.join(axes[0], axis);
    out[at] = axes.includes(undefined) ? undefined : axes[0];
  }
  out[along] = joined(visit, parts, along);
  return [out];
};

function joined(visit: Visit, parts: readonly Axes[], along: number): Axis | undefined {
  if (parts.every((axes) => axes[along] === undefined)) return undefined;
  if (parts.length === 1) return parts[0]?.[along];
  const lengths = parts.map((axes, position) => axes[along]?.length ?? visit.shape(position)?.[along]);
  const fixed = lengths.every((length) => typeof length === "number");
  if (!fixed) {
    for (const axes of parts) visit.lock(axes[along], "joinsUnknown");
    return undefined;
  }
  const blocks = parts.map((axes, position) => {
    const axis = axes[along];
    if (axis !== undefined) {
      visit.explain(axis);
      return axis;
    }
    const filler = visit.trace.units.fresh(Number(lengths[position]));
    visit.lock(filler, "readsFixedBlock");
    return filler;
  });
  const total = blocks.reduce((sum, block) => sum + block.length, 0);
  let [block, start] = [0, 0];
  return visit.trace.units.derive(total, (position) => {
    while (position - start >= (blocks[block]?.length ?? 1)) start += blocks[block++]?.length ?? 1;
    return blocks[block]?.[position - start] ?? 0;
  });
}

const split: AxesRule = (visit) => {
  const axes = visit.axes(0);
  const along = axisOf(visit.int("axis") ?? 0, axes.length);
  const count = visit.node.output.length;
  if (along === undefined) return [];
  const axis = axes[along];
  if (axis === undefined) return visit.node.output.map(() => axes);
  const given = visit.ints("split", 1);
  if (given === undefined && visit.has(1)) return [];
  const chunk = Math.ceil(axis.length / (visit.int("num_outputs") ?? count));
  let start = 0;
  const parts = visit.node.output.map((_, at) => {
    const size = given?.[at] ?? Math.max(0, Math.min(chunk, axis.length - start));
    const from = start;
    const part = visit.trace.units.derive(
      Math.max(0, Math.min(size, axis.length - from)),
      (position) => axis[from + position] ?? 0,
    );
    start += size;
    return part;
  });
  if (start !== axis.length || parts.some((part) => part.length === 0)) return [];
  visit.explain(axis);
  for (const part of parts) if (part.length === 1) visit.lock(part, "splitsOff");
  visit.edit((cut) => {
    if (!cut.isCut(axis)) return;
    const sizes = parts.map((part) => cut.size(part));
    removeAttribute(visit.node, "num_outputs");
    if (visit.opset < 13) setAttribute(visit.node, makeInts("split", sizes));
    else {
      const name = `${visit.node.output[0] ?? ""}_sizes`;
      cut.setInput(visit.node, 1, cut.addInts(visit.scope, name, [sizes.length], sizes));
    }
  });
  return parts.map((part) =>
    axes.map((other, at) => (at === along ? (part.length > 1 ? part : undefined) : other)),
  );
};

interface Range {
  /** Place in the lists of starts, ends and axes. */
  readonly entry: number;
  readonly axis: Axis;
  readonly start: number;
  readonly end: number;
}

const slice: AxesRule = (visit) => {
  const shape = visit.shape(0);
  const starts = visit.ints("starts", 1);
  const ends = visit.ints("ends", 2);
  if (shape === undefined) return [];
  const count = starts?.length ?? ends?.length ?? visit.shape(1)?.[0];
  const axes = visit.ints("axes", 3) ?? (visit.has(3) ? undefined : shape.map((_, at) => at));
  const steps = visit.has(4) ? visit.numbers(4) : [];
  if (axes === undefined || typeof count !== "number") return [];
  const out: (Axis | undefined)[] = [...visit.axes(0)];
  const ranges: Range[] = [];
  for (let entry = 0; entry < count; entry++) {
    const at = axisOf(axes[entry] ?? 0, shape.length);
    const axis = at === undefined ? undefined : visit.axis(0, at);
    if (at === undefined || axis === undefined) continue;
    const [start, end] = [starts?.[entry], ends?.[entry]];
    const step = steps === undefined ? undefined : (steps[entry] ?? 1);
    if (start === undefined || end === undefined || step !== 1) {
      visit.lock(axis, "cutsByInput");
      out[at] = undefined;
      continue;
    }
    const bound = (index: number) =>
      Math.max(0, Math.min(axis.length, index < 0 ? index + axis.length : index));
    const range = { entry, axis, start: bound(start), end: Math.max(bound(start), bound(end)) };
    // All of it: an end behind the last position is allowed, so that nothing need change.
    if (range.start === 0 && range.end === axis.length && start === 0) continue;
    visit.explain(axis);
    ranges.push(range);
    const part = visit.trace.units.derive(
      range.end - range.start,
      (position) => axis[range.start + position] ?? 0,
    );
    if (part.length === 0) visit.lock(axis, "takesNothing");
    out[at] = part.length > 1 ? part : undefined;
    // A single position cannot go: its reader would have nothing left.
    if (part.length === 1) visit.lock(part, "picks");
  }
  if (ranges.length > 0 && starts !== undefined && ends !== undefined)
    moveRanges(visit, starts, ends, ranges);
  return [out];
};

function moveRanges(
  visit: Visit,
  starts: readonly number[],
  ends: readonly number[],
  ranges: readonly Range[],
): void {
  visit.edit((cut) => {
    const moved = ranges.filter(({ axis }) => cut.isCut(axis));
    if (moved.length === 0) return;
    const [from, to] = [[...starts], [...ends]];
    for (const { entry, axis, start, end } of moved) {
      const before = (bound: number) => cut.kept(axis).filter((position) => position < bound).length;
      from[entry] = before(start);
      to[entry] = before(end);
    }
    if (!visit.has(1)) {
      setAttribute(visit.node, makeInts("starts", from));
      setAttribute(visit.node, makeInts("ends", to));
      return;
    }
    const name = visit.node.output[0] ?? "";
    cut.setInput(visit.node, 1, cut.addInts(visit.scope, `${name}_starts`, [from.length], from));
    cut.setInput(visit.node, 2, cut.addInts(visit.scope, `${name}_ends`, [to.length], to));
    // All lists of a Slice have one type, and the new ones are int64.
    for (const position of [3, 4]) {
      const values = visit.has(position) ? visit.numbers(position) : undefined;
      if (values === undefined) continue;
      const list = cut.addInts(
        visit.scope,
        `${name}_${position === 3 ? "axes" : "steps"}`,
        [values.length],
        values,
      );
      cut.setInput(visit.node, position, list);
    }
  });
}

export const layoutRules: Record<string, AxesRule> = {
  Transpose: transpose,
  Unsqueeze: unsqueeze,
  Squeeze: squeeze,
  Concat: concat,
  Split: split,
  Slice: slice,
};
