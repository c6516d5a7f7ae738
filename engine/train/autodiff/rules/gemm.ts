import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { sumTo } from "../broadcast.ts";
import type { Emitter } from "../emitter.ts";
import type { Operand } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { mul } from "../tensors.ts";

/** Y = α A' B' + β C, where ' transposes on demand; each gradient is one Gemm. */
export const gemmRule = ruleOf((site, dy, emit) => {
  const [a, b, c] = [site.input(0), site.input(1), site.inputs[2]];
  const [flipA, flipB] = [site.int("transA", 0) !== 0, site.int("transB", 0) !== 0];
  const alpha = site.float("alpha", 1);
  const beta = site.float("beta", 1);
  const bias = () => {
    if (c === undefined) return undefined;
    const sum = sumTo(emit, dy, c.dims);
    return beta === 1 ? sum : mul(emit, sum, beta);
  };
  return [
    // dA = α dY B'ᵀ, or its transpose.
    site.wants(0)
      ? flipA
        ? gemm(emit, b, dy, a.dims, alpha, flipB, true)
        : gemm(emit, dy, b, a.dims, alpha, false, !flipB)
      : undefined,
    // dB = α A'ᵀ dY, or its transpose.
    site.wants(1)
      ? flipB
        ? gemm(emit, dy, a, b.dims, alpha, true, flipA)
        : gemm(emit, a, dy, b.dims, alpha, !flipA, false)
      : undefined,
    site.wants(2) ? bias() : undefined,
  ];
});

function gemm(
  emit: Emitter,
  a: Operand,
  b: Operand,
  dims: readonly number[],
  alpha: number,
  transA: boolean,
  transB: boolean,
): Operand {
  return emit.op("Gemm", [a, b], dims, [
    makeFloat("alpha", alpha),
    makeInt("transA", transA ? 1 : 0),
    makeInt("transB", transB ? 1 : 0),
  ]);
}
