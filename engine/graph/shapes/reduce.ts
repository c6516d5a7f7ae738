import { dtypes } from "#engine/onnx/dtypes.ts";
import { axisOf, info, isNumbers, withValues } from "./info.ts";
import type { Rule } from "./view.ts";

/** `inputSince`: the opset from which axes are an input. */
function reduce(inputSince: number, fold?: (values: readonly number[]) => number): Rule {
  return (view) => {
    const input = view.inputs[0];
    const shape = input?.shape;
    const keep = (view.int("keepdims") ?? 1) === 1;
    const fromInput = view.opset >= inputSince && view.has(1);
    const axes = fromInput ? view.numbers(1) : view.ints("axes");
    if (fromInput && axes === undefined) {
      return [info(view.dtype(0), keep ? shape?.map(() => undefined) : undefined)];
    }
    const none = axes === undefined || axes.length === 0;
    if (none && view.int("noop_with_empty_axes") === 1) return [info(view.dtype(0), shape)];
    if (shape === undefined) return [info(view.dtype(0), none && !keep ? [] : undefined)];
    const gone = new Set(none ? shape.keys() : axes.map((axis) => axisOf(axis, shape.length)));
    const out = keep
      ? shape.map((dim, at) => (gone.has(at) ? 1 : dim))
      : shape.filter((_, at) => !gone.has(at));
    const { values } = input ?? {};
    const folded =
      fold !== undefined && isNumbers(values) && gone.size === shape.length ? [fold(values)] : undefined;
    return [withValues(view.dtype(0), out, folded)];
  };
}

/** ArgMax and ArgMin: int64, one axis. */
const arg: Rule = (view) => {
  const shape = view.shape(0);
  const axis = shape === undefined ? undefined : axisOf(view.int("axis") ?? 0, shape.length);
  const keep = (view.int("keepdims") ?? 1) === 1;
  const out = keep ? shape?.map((dim, at) => (at === axis ? 1 : dim)) : shape?.filter((_, at) => at !== axis);
  return [info(dtypes.int64.code, out)];
};

export const reduceRules: Record<string, Rule> = {
  ReduceSum: reduce(13, (values) => values.reduce((a, b) => a + b, 0)),
  ReduceProd: reduce(18, (values) => values.reduce((a, b) => a * b, 1)),
  ReduceMax: reduce(18, (values) => Math.max(...values)),
  ReduceMin: reduce(18, (values) => Math.min(...values)),
  ReduceMean: reduce(18),
  ReduceL1: reduce(18),
  ReduceL2: reduce(18),
  ReduceLogSum: reduce(18),
  ReduceLogSumExp: reduce(18),
  ReduceSumSquare: reduce(18),
  ArgMax: arg,
  ArgMin: arg,
};
