import type { Emitter } from "../autodiff/emitter.ts";
import { type Operand, sizeOf } from "../autodiff/operand.ts";
import { type Rule, ruleOf, type Site } from "../autodiff/rule.ts";
import { abs, asFloat, lessOrEqual, mul, reduceSum, reshape, sub } from "../autodiff/tensors.ts";
import { channelDims, type FakeQuantization, fakeQuantization, fakeQuantizeOp } from "./fake-quantize.ts";

/**
 * What is rounded is no further from where it was than half a step, what is clipped is. The rounding of float32 moves the
 * difference by less than a thousandth of a step, as integers have at most 8 bits.
 */
const reach = 0.501;

/**
 * Straight-through gradient of fake quantisation with a learned scale s = s₀ · f (LSQ: Esser and others 2020, "Learned
 * Step Size Quantization", §2.1 to §2.3).
 *
 * - dx = dy where x is not clipped, else 0 (Bengio and others 2013).
 * - ds = Σ dy · (ŷ − x/s), with ŷ = q − z the rounded number of steps; where x is clipped, Σ dy · ŷ.
 * - The paper scales ds by g = 1 / √(n · Q): n values share a scale, in one item of the batch, and Q is the largest
 *   number of steps. Here f learns and not s: df = g · ds / s₀, so that a step of plain gradient descent moves s just as
 *   the paper's does, while one of Adam, which looks at no sizes, moves it by a share of itself.
 *
 * The paper takes x for clipped from the last integer on; here that begins half a step later, where rounding would give
 * an integer beyond it. Else the largest weight of a channel, on which its scale stands at first, could never move.
 */
export const fakeQuantizeRule = ruleOf((site, dy, emit) => {
  const [x, y] = [site.input(0), site.output()];
  const form = fakeQuantization(site.node);
  const dims = channelDims(x.dims.length, form.axis, form.scales.length);
  const base = emit.floats(dims, form.scales);
  const scale = site.inputs[1] === undefined ? base : mul(emit, base, reshape(emit, site.input(1), dims));
  const near = lessOrEqual(emit, abs(emit, sub(emit, y, x)), mul(emit, scale, reach));
  const inside = asFloat(emit, near);
  return [
    site.wants(0) ? mul(emit, dy, inside) : undefined,
    site.wants(1) ? factorGradient(site, dy, emit, { form, inside, scale, dims }) : undefined,
  ];
});

interface Parts {
  readonly form: FakeQuantization;
  /** 1 where nothing is clipped, else 0. */
  readonly inside: Operand;
  readonly scale: Operand;
  /** Of the scale, as it stands beside the values. */
  readonly dims: readonly number[];
}

function factorGradient(
  site: Site,
  dy: Operand,
  emit: Emitter,
  { form, inside, scale, dims }: Parts,
): Operand {
  const [x, y] = [site.input(0), site.output()];
  // y − x where x is rounded, y where it is clipped: s times what the formula says.
  const share = sub(emit, y, mul(emit, x, inside));
  const axes = [...x.dims.keys()].filter((axis) => axis !== form.axis);
  const sum = reduceSum(emit, mul(emit, dy, share), axes, form.axis !== undefined);
  const slowdown = gradientScale(form, x.dims);
  const factors = emit.floats(
    dims,
    form.scales.map((value) => slowdown / value),
  );
  const relative = emit.op("Div", [mul(emit, sum, factors), scale], dims);
  return reshape(emit, relative, site.input(1).dims);
}

/** g = 1 / √(n · Q). */
function gradientScale(form: FakeQuantization, dims: readonly number[]): number {
  const items = form.isBatched ? (dims[0] ?? 1) : 1;
  const sharing = Math.max(1, sizeOf(dims) / items / form.scales.length);
  const [zeroPoint = 0] = form.zeroPoints;
  const steps = Math.max(1, form.most - zeroPoint, zeroPoint - form.least);
  return 1 / Math.sqrt(sharing * steps);
}

/** The rules of operators that only training graphs have. */
export const trainingRules: Readonly<Record<string, Rule>> = { [fakeQuantizeOp]: fakeQuantizeRule };
