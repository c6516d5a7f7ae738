import type { Emitter } from "../emitter.ts";
import { normalizedGradient } from "../normalized.ts";
import type { Operand } from "../operand.ts";
import { type Rule, ruleOf, type Site } from "../rule.ts";
import { add, div, mul, reduceSum, reshape, sqrt, sub } from "../tensors.ts";

/**
 * y = (x − mean) / √(variance + ε) · scale + bias, channel by channel. Frozen, mean and variance are inputs like the
 * others; in training they are those of the batch, through which gradients flow too.
 */
export const batchNormalizationRule: Rule = (site, [dy, ...statistics], emit) => {
  if (statistics.some((gradient) => gradient !== undefined))
    throw site.refusal("its running statistics are used");
  if (dy === undefined) return [];
  return site.int("training_mode", 0) === 0 ? frozen(site, [dy], emit) : inTraining(site, dy, emit);
};

const frozen = ruleOf((site, dy, emit) => {
  const view = viewOf(site, emit);
  const [scale, mean, variance] = [site.input(1), site.input(3), site.input(4)];
  const deviation = sqrt(emit, add(emit, variance, site.float("epsilon", 1e-5)));
  const factor = div(emit, scale, deviation);
  // Σ dy and Σ dy · (x − mean) of each channel are all that the parameters need.
  const isAny = (...positions: number[]) => positions.some((position) => site.wants(position));
  const sum = isAny(2, 3) ? view.sum(dy) : undefined;
  const moment = isAny(1, 4)
    ? view.sum(mul(emit, dy, sub(emit, site.input(0), view.channels(mean))))
    : undefined;
  const varianceGradient = (of: Operand) =>
    mul(emit, div(emit, mul(emit, factor, of), add(emit, variance, site.float("epsilon", 1e-5))), -0.5);
  return [
    site.wants(0) ? mul(emit, dy, view.channels(factor)) : undefined,
    site.wants(1) && moment ? div(emit, moment, deviation) : undefined,
    sum,
    site.wants(3) && sum ? mul(emit, mul(emit, factor, sum), -1) : undefined,
    site.wants(4) && moment ? varianceGradient(moment) : undefined,
  ];
});

/** With momentum 0, what the operator gives as the new running statistics are those of the batch. */
function inTraining(site: Site, dy: Operand, emit: Emitter): (Operand | undefined)[] {
  if (site.float("momentum", 0.9) !== 0)
    throw site.refusal("it mixes the statistics of the batch with older ones");
  const view = viewOf(site, emit);
  const scale = site.input(1);
  const [mean, variance] = [site.extraOutput(1, scale.dims), site.extraOutput(2, scale.dims)];
  const inverse = div(emit, 1, sqrt(emit, add(emit, variance, site.float("epsilon", 1e-5))));
  const centred = sub(emit, site.input(0), view.channels(mean));
  const normal = mul(emit, centred, view.channels(inverse));
  const inputGradient = () => {
    const factor = mul(emit, scale, inverse);
    // The scale is the same for all that is averaged, so that it may come last.
    return normalizedGradient(emit, dy, normal, view.channels(factor), view.others);
  };
  return [
    site.wants(0) ? inputGradient() : undefined,
    site.wants(1) ? view.sum(mul(emit, dy, normal)) : undefined,
    site.wants(2) ? view.sum(dy) : undefined,
  ];
}

/** Between tensors and values by channel. */
function viewOf(site: Site, emit: Emitter) {
  const { dims } = site.input(0);
  const others = dims.flatMap((_, axis) => (axis === 1 ? [] : [axis]));
  const channel = dims.map((dim, axis) => (axis === 1 ? dim : 1));
  return {
    others,
    channels: (values: Operand) => reshape(emit, values, channel),
    sum: (values: Operand) => reduceSum(emit, values, others, false),
  };
}
