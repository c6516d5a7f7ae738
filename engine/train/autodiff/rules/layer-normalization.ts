import { sumTo } from "../broadcast.ts";
import type { Emitter } from "../emitter.ts";
import { normalizedGradient } from "../normalized.ts";
import { fromFront, type Operand } from "../operand.ts";
import { type Rule, ruleOf, type Site } from "../rule.ts";
import { add, div, mul, reduceMean, sqrt, sub } from "../tensors.ts";

/** y = x̂ · scale + bias, normalised over the axes from `axis` on; the operator itself gives mean and deviation. */
export const layerNormalizationRule: Rule = (site, [dy, ...statistics], emit) => {
  if (statistics.some((gradient) => gradient !== undefined)) throw site.refusal("its statistics are used");
  if (dy === undefined) return [];
  const { axes, dims } = normalizedAxes(site);
  const mean = site.extraOutput(1, dims);
  const inverse = site.extraOutput(2, dims);
  const normal = mul(emit, sub(emit, site.input(0), mean), inverse);
  return scaledGradients(site, emit, dy, normal, inverse, axes, true);
};

/** y = x / √(mean x² + ε) · scale: RMSNormalization, and ONNX Runtime's older name for it. */
export const rmsNormalizationRule = ruleOf((site, dy, emit) => {
  const { axes } = normalizedAxes(site);
  const x = site.input(0);
  const power = reduceMean(emit, mul(emit, x, x), axes);
  const inverse = div(emit, 1, sqrt(emit, add(emit, power, site.float("epsilon", 1e-5))));
  return scaledGradients(site, emit, dy, mul(emit, x, inverse), inverse, axes, false);
});

/** The axes from `axis` on, and the shape of the statistics. */
function normalizedAxes(site: Site): { axes: number[]; dims: number[] } {
  const { dims } = site.input(0);
  const first = fromFront(site.int("axis", -1), dims.length);
  const axes = dims.flatMap((_, axis) => (axis >= first ? [axis] : []));
  return { axes, dims: dims.map((dim, axis) => (axis >= first ? 1 : dim)) };
}

function scaledGradients(
  site: Site,
  emit: Emitter,
  dy: Operand,
  normal: Operand,
  inverse: Operand,
  axes: readonly number[],
  isCentred: boolean,
): (Operand | undefined)[] {
  const scale = site.input(1);
  const bias = site.inputs[2];
  return [
    site.wants(0)
      ? normalizedGradient(emit, mul(emit, dy, scale), normal, inverse, axes, isCentred)
      : undefined,
    site.wants(1) ? sumTo(emit, mul(emit, dy, normal), scale.dims) : undefined,
    bias && site.wants(2) ? sumTo(emit, dy, bias.dims) : undefined,
  ];
}
