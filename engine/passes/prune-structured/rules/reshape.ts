import { type Dim, productOf } from "#engine/graph/shapes/info.ts";

import { type Segment, segmentsOf } from "../segments.ts";
import { writableSizes } from "../sizes.ts";
import type { Axes, Axis } from "../units.ts";
import { type AxesRule, fixedAxes, type Visit } from "../visit.ts";
import { isHeadAxis } from "./heads.ts";

const reshape: AxesRule = (visit) => {
  const [from, to] = [visit.shape(0), visit.outputShape(0)];
  if (from === undefined || to === undefined) return [];
  const out = regroup(visit, from, to, segmentsOf(from, to));
  settle(visit, to, out);
  return [out];
};

const flatten: AxesRule = (visit) => {
  const from = visit.shape(0);
  if (from === undefined) return [];
  const given = visit.int("axis") ?? 1;
  const at = given < 0 ? given + from.length : given;
  const axes = from.map((_, axis) => axis);
  const parts = [axes.slice(0, at), axes.slice(at)];
  return [parts.map((part) => merged(visit, from, part))];
};

/** Units of the axes of the output. What cannot be followed is locked. */
function regroup(visit: Visit, from: readonly Dim[], to: readonly Dim[], segments: readonly Segment[]): Axes {
  const out: (Axis | undefined)[] = [...fixedAxes(to)];
  for (const segment of segments) {
    const axes = segment.from.map((at) => visit.axis(0, at));
    if (axes.every((axis) => axis === undefined)) continue;
    const inner = segment.from.filter((at) => from[at] !== 1);
    const outer = segment.to.filter((at) => to[at] !== 1);
    const [source, target] = [inner[0], outer[0]];
    if (!segment.known || source === undefined || target === undefined) {
      for (const axis of axes) visit.lock(axis, "reshapesUnknown");
    } else if (inner.length === 1 && outer.length === 1) out[target] = visit.axis(0, source);
    else if (outer.length === 1) out[target] = merged(visit, from, inner);
    else if (inner.length === 1) split(visit, to, source, outer, out);
    else for (const axis of axes) visit.lock(axis, "reshapesMixed");
  }
  return out;
}

/** Several axes become one: a channel becomes a block of features, or a comb of them. */
function merged(visit: Visit, from: readonly Dim[], axes: readonly number[]): Axis | undefined {
  const sizes: readonly Dim[] = axes.map((at) => from[at]);
  const found = axes.filter((at) => visit.axis(0, at) !== undefined);
  const [at] = found;
  const axis = at === undefined ? undefined : visit.axis(0, at);
  if (at === undefined || axis === undefined) return undefined;
  const total = productOf(sizes);
  if (found.length > 1 || total === undefined || total > maxFeatures) {
    for (const each of found) visit.lock(visit.axis(0, each), "merges");
    return undefined;
  }
  visit.explain(axis);
  const after = axes
    .filter((other) => other > at)
    .reduce((product, other) => product * Number(from[other]), 1);
  if (total === axis.length) return axis;
  return visit.trace.units.derive(total, (feature) => axis[Math.floor(feature / after) % axis.length] ?? 0);
}

/** Features that one axis may have after flattening. */
const maxFeatures = 2 ** 22;

/**
 * One axis becomes several. Only one of them can lose positions; the choice that leaves the most units is taken,
 * except for attention heads, where the axis of heads is.
 */
function split(
  visit: Visit,
  to: readonly Dim[],
  source: number,
  outer: readonly number[],
  out: (Axis | undefined)[],
): void {
  const axis = visit.axis(0, source);
  const sizes = outer.map((at) => Number(to[at]));
  if (axis === undefined) return;
  const head = isHeadAxis(visit, outer);
  if (head !== undefined && !visit.trace.heads) {
    visit.lock(axis, "heads");
    return;
  }
  const number = (choice: number) => {
    const after = sizes.slice(choice + 1).reduce((a, b) => a * b, 1);
    const size = sizes[choice] ?? 1;
    return (position: number) => Math.floor(position / after) % size;
  };
  const counts = sizes.map((_, choice) => countUnits(visit, axis, number(choice)));
  const choice = head === undefined ? counts.indexOf(Math.max(...counts)) : outer.indexOf(head);
  const target = outer[choice];
  if (target === undefined) return;
  visit.explain(axis);
  const numberOf = number(choice);
  visit.group(axis, numberOf);
  const units = new Int32Array(sizes[choice] ?? 0);
  axis.forEach((unit, position) => {
    units[numberOf(position)] = unit;
  });
  out[target] = units;
}

/** Units that would be left if all positions of the same number were one. */
function countUnits(visit: Visit, axis: Axis, number: (position: number) => number): number {
  const parent = new Map<number, number>();
  const find = (key: number): number => {
    let at = key;
    for (let up = parent.get(at) ?? at; up !== at; up = parent.get(at) ?? at) at = up;
    return at;
  };
  let count = 0;
  const add = (key: number) => {
    if (!parent.has(key)) {
      parent.set(key, key);
      count++;
    }
    const root = find(key);
    parent.set(key, root);
    return root;
  };
  axis.forEach((unit, position) => {
    // Negative keys are numbers, others units.
    const [a, b] = [add(visit.trace.units.find(unit)), add(-1 - number(position))];
    if (a === b) return;
    parent.set(b, a);
    count--;
  });
  return count;
}

/**
 * The sizes that a Reshape asks for must follow what is cut: −1 does by itself, 0 where it stands for the same axis,
 * numbers are rewritten. Where that is impossible the axis is locked.
 */
function settle(visit: Visit, to: readonly Dim[], out: Axes): void {
  const byAttribute = !visit.has(1);
  const wanted = byAttribute ? visit.ints("shape", 1) : visit.info(1)?.values;
  const zeroCopies = visit.int("allowzero") !== 1;
  const sizes = visit.sizes(1);
  const writable = writableSizes(visit, 1, "shape", to.length);
  const cuts: { at: number; axis: Axis }[] = [];
  to.forEach((_, at) => {
    const [axis, entry] = [out[at], wanted?.[at]];
    const copied = entry === 0 && zeroCopies ? visit.axis(0, at) : undefined;
    const tainted = sizes?.[at];
    if (axis !== undefined) {
      visit.explain(tainted);
      if (entry === -1 || copied === axis) return;
      if (writable?.can(at)) cuts.push({ at, axis });
      else visit.lock(axis, "computedSize");
    } else if (copied !== undefined || tainted !== undefined) {
      // A size that must not change would follow one that does.
      visit.lock(copied, "copiesSize");
      visit.lock(tainted, "copiesSize");
    }
  });
  if (cuts.length === 0) return;
  visit.edit((cut) => {
    const changed = cuts.filter(({ axis }) => cut.isCut(axis));
    if (changed.length === 0) return;
    writable?.write(cut, new Map(changed.map(({ at, axis }) => [at, cut.size(axis)])));
  });
}

export const reshapeRules: Record<string, AxesRule> = { Reshape: reshape, Flatten: flatten };
