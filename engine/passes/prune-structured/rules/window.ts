import type { Axis } from "../units.ts";
import type { AxesRule, Visit } from "../visit.ts";

/** Batch and channels go on as they are. */
function local(visit: Visit): readonly (Axis | undefined)[] {
  return visit.axes(0).map((axis, at) => {
    if (at < 2) return axis;
    visit.lock(axis, "window");
    return undefined;
  });
}

const pool: AxesRule = (visit) => {
  // The second output of MaxPool counts positions over all channels.
  return visit.hasOutput(1) ? [] : [local(visit)];
};

const pad: AxesRule = (visit) => {
  const rank = visit.rank(0);
  const pads = visit.ints(visit.opset < 2 ? "paddings" : "pads", 1);
  if (rank === undefined || pads === undefined) return [];
  const given = visit.has(3) ? visit.numbers(3) : Array.from({ length: rank }, (_, axis) => axis);
  if (given === undefined || pads.length !== 2 * given.length) return [];
  const padded = new Set<number>();
  given.forEach((axis, at) => {
    if (pads[at] !== 0 || pads[at + given.length] !== 0) padded.add(axis < 0 ? axis + rank : axis);
  });
  return [
    visit.axes(0).map((axis, at) => {
      if (!padded.has(at)) return axis;
      visit.lock(axis, "pads");
      return undefined;
    }),
  ];
};

/** Resize and Upsample: an axis whose size stays goes on, unless the wanted size is a number that would not follow. */
const resize: AxesRule = (visit) => {
  const out = visit.outputShape(0);
  const newer = visit.node.opType === "Resize" && visit.opset >= 11;
  // Regions of interest and lists of axes are rare, and not followed.
  if (
    newer &&
    (visit.string("coordinate_transformation_mode") === "tf_crop_and_resize" || visit.ints("axes", 9))
  )
    return [];
  const bySize = newer && visit.has(3);
  const axes = visit.axes(0).map((axis, at) => {
    if (axis === undefined) return undefined;
    const same = out?.[at] === axis.length;
    if (same && (!bySize || visit.sizes(3)?.[at] === axis)) return axis;
    visit.lock(axis, same ? "resizesFixed" : "resizes");
    return undefined;
  });
  return [axes];
};

const depthToSpace: AxesRule = (visit) => {
  const block = visit.int("blocksize") ?? 0;
  const channels = visit.axis(0, 1);
  if (channels === undefined || block < 1) return [];
  const pieces = block * block;
  const left = channels.length / pieces;
  if (!Number.isInteger(left)) return [];
  const byColumn = visit.string("mode") === "CRD";
  visit.explain(channels);
  visit.group(channels, (at) => (byColumn ? Math.floor(at / pieces) : at % left));
  const out = Int32Array.from({ length: left }, (_, at) => channels[byColumn ? at * pieces : at] ?? 0);
  return [[visit.axis(0, 0), left > 1 ? out : undefined, undefined, undefined]];
};

const spaceToDepth: AxesRule = (visit) => {
  const block = visit.int("blocksize") ?? 0;
  const channels = visit.axis(0, 1);
  if (channels === undefined || block < 1 || block > 64) return [];
  visit.explain(channels);
  const total = channels.length * block * block;
  const out = visit.trace.units.derive(total, (position) => channels[position % channels.length] ?? 0);
  return [[visit.axis(0, 0), out, undefined, undefined]];
};

export const windowRules: Record<string, AxesRule> = {
  MaxPool: pool,
  AveragePool: pool,
  LpPool: pool,
  GlobalAveragePool: pool,
  GlobalMaxPool: pool,
  GlobalLpPool: pool,
  Pad: pad,
  Resize: resize,
  Upsample: resize,
  DepthToSpace: depthToSpace,
  SpaceToDepth: spaceToDepth,
};
