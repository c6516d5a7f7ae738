import type { AxesRule } from "../visit.ts";

/** One number for each channel in every further input. */
const perChannel: AxesRule = (visit) => {
  // Before opset 9 `spatial` could ask for one number for each element.
  if (visit.int("spatial") === 0 || (visit.rank(0) ?? 0) < 2) return [];
  const channels = visit.axis(0, 1);
  for (let position = 1; position < visit.node.input.length; position++) {
    visit.join(visit.axis(position, 0), channels);
  }
  return [visit.axes(0)];
};

/** As above, with statistics over the axes of each image. */
const instance: AxesRule = (visit) => {
  const [axes] = perChannel(visit);
  return [
    (axes ?? []).map((axis, at) => {
      if (at < 2) return axis;
      visit.lock(axis, "normalises");
      return undefined;
    }),
  ];
};

/** Statistics over all axes from one on: what is removed would change the others. */
const layer: AxesRule = (visit) => {
  const rank = visit.rank(0);
  if (rank === undefined) return [];
  const given = visit.int("axis") ?? -1;
  const from = given < 0 ? given + rank : given;
  return [
    visit.axes(0).map((axis, at) => {
      if (at < from) return axis;
      visit.lock(axis, "normalises");
      return undefined;
    }),
  ];
};

/** Statistics over the axes named; across channels by default. */
const meanVariance: AxesRule = (visit) => {
  const rank = visit.rank(0);
  if (rank === undefined) return [];
  const over = new Set((visit.ints("axes", 1) ?? [0, 2, 3]).map((axis) => (axis < 0 ? axis + rank : axis)));
  return [
    visit.axes(0).map((axis, at) => {
      if (!over.has(at)) return axis;
      visit.lock(axis, "normalises");
      return undefined;
    }),
  ];
};

const acrossChannels: AxesRule = (visit) => {
  visit.lock(visit.axis(0, 1), "normalises");
  return [visit.axes(0).map((axis, at) => (at === 1 ? undefined : axis))];
};

export const normaliseRules: Record<string, AxesRule> = {
  BatchNormalization: perChannel,
  InstanceNormalization: instance,
  LayerNormalization: layer,
  RMSNormalization: layer,
  SimplifiedLayerNormalization: layer,
  MeanVarianceNormalization: meanVariance,
  LRN: acrossChannels,
};
