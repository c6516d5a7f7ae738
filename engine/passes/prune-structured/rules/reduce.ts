import { axisOf } from "#engine/graph/shapes/info.ts";
import { type AxesRule, fixedAxes } from "../visit.ts";

/** A sum over units loses the terms of those that go; a mean, a maximum or a product would become another quantity. */
const reduceOver = (allowed: boolean): AxesRule => {
  return (visit) => {
    const rank = visit.rank(0);
    if (rank === undefined) return [];
    const given = visit.ints("axes", 1);
    if (given === undefined && visit.has(1)) return [];
    const none = (given ?? []).length === 0;
    if (none && visit.int("noop_with_empty_axes") === 1) return [visit.axes(0)];
    const over = new Set(
      none ? fixedAxes(visit.shape(0)).map((_, at) => at) : given?.map((at) => axisOf(at, rank)),
    );
    const axes = visit.axes(0).map((axis, at) => {
      if (!over.has(at)) return axis;
      if (allowed) visit.explain(axis);
      else visit.lock(axis, "reduces");
      return undefined;
    });
    const keep = visit.int("keepdims") !== 0;
    return [keep ? axes : axes.filter((_, at) => !over.has(at))];
  };
};

const arg: AxesRule = (visit) => {
  const rank = visit.rank(0);
  const over = rank === undefined ? undefined : axisOf(visit.int("axis") ?? 0, rank);
  if (over === undefined) return [];
  visit.lock(visit.axis(0, over), "counts");
  const axes = visit.axes(0).map((axis, at) => (at === over ? undefined : axis));
  return [visit.int("keepdims") !== 0 ? axes : axes.filter((_, at) => at !== over)];
};

export const reduceRules: Record<string, AxesRule> = {
  ReduceSum: reduceOver(true),
  ReduceSumSquare: reduceOver(true),
  ReduceL1: reduceOver(true),
  ReduceL2: reduceOver(true),
  ReduceMean: reduceOver(false),
  ReduceMax: reduceOver(false),
  ReduceMin: reduceOver(false),
  ReduceProd: reduceOver(false),
  ReduceLogSum: reduceOver(false),
  ReduceLogSumExp: reduceOver(false),
  ArgMax: arg,
  ArgMin: arg,
};
