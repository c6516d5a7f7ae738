import { makeFloat } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../emitter.ts";
import { normalizedGradient } from "../normalized.ts";
import { type Operand, sizeOf } from "../operand.ts";
import { ruleOf, type Site } from "../rule.ts";
import { expand, mul, reduceSum, reshape } from "../tensors.ts";

/**
 * Channels normalised in groups. Since opset 21 scale and bias belong to channels, before that to groups: their size
 * says which.
 */
export const groupNormalizationRule = ruleOf((site, dy, emit) =>
  gradients(site, dy, emit, site.int("num_groups", 1)),
);

/** Each channel is a group of its own. */
export const instanceNormalizationRule = ruleOf((site, dy, emit) =>
  gradients(site, dy, emit, site.input(0).dims[1] ?? 1),
);

function gradients(site: Site, dy: Operand, emit: Emitter, groups: number): (Operand | undefined)[] {
  const x = site.input(0);
  const [batch = 1] = x.dims;
  const rows = [batch * groups, sizeOf(x.dims) / (batch * groups)];
  const { normal, inverse } = normalized(emit, reshape(emit, x, rows), site.float("epsilon", 1e-5));
  const scale = site.input(1);
  const [owners = 1] = scale.dims;
  const owned = [batch, owners, sizeOf(x.dims) / (batch * owners)];
  const upstream = reshape(emit, dy, owned);
  const inputGradient = () => {
    const g = mul(emit, upstream, reshape(emit, scale, [1, owners, 1]));
    const dx = normalizedGradient(emit, reshape(emit, g, rows), normal, inverse, [1]);
    return reshape(emit, dx, x.dims);
  };
  return [
    site.wants(0) ? inputGradient() : undefined,
    site.wants(1)
      ? reduceSum(emit, mul(emit, upstream, reshape(emit, normal, owned)), [0, 2], false)
      : undefined,
    site.wants(2) ? reduceSum(emit, upstream, [0, 2], false) : undefined,
  ];
}

/** Rows with mean 0 and variance 1, and the inverse deviations, by one fused operator. */
function normalized(emit: Emitter, x: Operand, epsilon: number): { normal: Operand; inverse: Operand } {
  const [rows = 1, size = 1] = x.dims;
  const ones = expand(emit, emit.scalar(1), [size]);
  const [normal = x, , inverse = x] = emit.ops(
    "LayerNormalization",
    [x, ones],
    [x.dims, [rows, 1], [rows, 1]],
    [makeFloat("epsilon", epsilon)],
  );
  return { normal, inverse };
}
