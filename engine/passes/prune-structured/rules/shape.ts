import { readFloats } from "#engine/onnx/make.ts";
import type { Tensor } from "#engine/onnx/model.ts";
import { writableSizes } from "../sizes.ts";
import type { Axis } from "../units.ts";
import { type AxesRule, fixedAxes, type Sizes, type Visit } from "../visit.ts";

/**
 * Sizes on their way from Shape to the node that uses them. An element that comes from a fixed axis may go anywhere.
 * One that comes from an axis that can be cut changes with it, which is right where it becomes the size of the same
 * axis again, and locks the axis anywhere else.
 */
function hand(visit: Visit, sizes: Sizes): readonly [] | readonly [ReturnType<typeof fixedAxes>] {
  const value = visit.trace.index.resolve(visit.scope, visit.node.output[0] ?? "");
  visit.explain(...sizes);
  if (value !== undefined && sizes.some((axis) => axis !== undefined)) visit.trace.sizes.set(value, sizes);
  return [fixedAxes(visit.outputShape(0))];
}

const shape: AxesRule = (visit) => {
  const axes = visit.axes(0);
  const rank = axes.length;
  const bound = (given: number | undefined, otherwise: number) =>
    given === undefined ? otherwise : Math.max(0, Math.min(rank, given < 0 ? given + rank : given));
  visit.explain(...axes);
  return hand(visit, axes.slice(bound(visit.int("start"), 0), bound(visit.int("end"), rank)));
};

const gather: AxesRule = (visit) => {
  const sizes = visit.sizes(0) ?? [];
  const indices = visit.numbers(1);
  if (indices === undefined) return [];
  // Sizes that are not picked play no part.
  visit.explain(...sizes);
  return hand(
    visit,
    indices.map((at) => sizes.at(at)),
  );
};

const slice: AxesRule = (visit) => {
  const sizes = visit.sizes(0) ?? [];
  const [start] = visit.ints("starts", 1) ?? [];
  const [end] = visit.ints("ends", 2) ?? [];
  const steps = visit.has(4) ? visit.numbers(4) : [1];
  if (start === undefined || end === undefined || steps?.some((step) => step !== 1) !== false) return [];
  visit.explain(...sizes);
  return hand(visit, sizes.slice(start, end));
};

const concat: AxesRule = (visit) => {
  const parts = visit.node.input.map((_, position) => {
    const length = visit.shape(position)?.[0];
    if (typeof length !== "number" || length > 64) return undefined;
    return visit.sizes(position) ?? new Array<Axis | undefined>(length).fill(undefined);
  });
  if (!parts.every((part) => part !== undefined)) return [];
  return hand(visit, parts.flat());
};

const same: AxesRule = (visit) => hand(visit, visit.sizes(0) ?? []);

/** A list in another shape: [n] → [1] or [], as before and after Concat. */
const reshape: AxesRule = (visit) => (visit.has(1) && visit.sizes(1) === undefined ? same(visit) : []);

/** For nodes whose input is a list of sizes that change. */
export const sizeRules: Record<string, AxesRule> = {
  Gather: gather,
  Slice: slice,
  Concat: concat,
  Unsqueeze: same,
  Squeeze: same,
  Cast: same,
  Identity: same,
  Reshape: reshape,
};

/** A tensor of one value: its axes can be cut where its shape can be rewritten. */
const constantOfShape: AxesRule = (visit) => {
  const out = visit.outputShape(0);
  if (out === undefined) return [];
  const writable = writableSizes(visit, 0, "", out.length);
  const sizes = visit.sizes(0);
  const axes = out.map((dim, at) => {
    const follows = sizes?.[at];
    if (follows !== undefined) return follows;
    if (typeof dim !== "number" || dim <= 1 || writable?.can(at) !== true) return undefined;
    return visit.trace.units.fresh(dim);
  });
  const own = axes.flatMap((axis, at) => (axis === undefined || axis === sizes?.[at] ? [] : [{ axis, at }]));
  const dims = out.map((dim) => (typeof dim === "number" ? dim : 1));
  visit.trace.filled.push({ axes, dims, fill: fillOf(visit) });
  visit.edit((cut) => {
    const changed = own.filter(({ axis }) => cut.isCut(axis));
    if (changed.length > 0)
      writable?.write(cut, new Map(changed.map(({ axis, at }) => [at, cut.size(axis)])));
  });
  return [axes];
};

function fillOf(visit: Visit): number {
  const value = visit.trace.index.resolve(visit.scope, visit.node.output[0] ?? "");
  const values = visit.trace.info(value)?.values;
  const known = values?.[0];
  if (typeof known === "number") return known;
  const tensor = visit.node.attribute.find(({ name }) => name === "value")?.t;
  return tensor === undefined ? 0 : (fillNumber(tensor) ?? 1);
}

function fillNumber(tensor: Tensor): number | undefined {
  const floats = new Set([1, 10, 11, 16]);
  return floats.has(tensor.dataType) ? readFloats(tensor)[0] : undefined;
}

export const shapeRules: Record<string, AxesRule> = {
  Shape: shape,
  ConstantOfShape: constantOfShape,
};
