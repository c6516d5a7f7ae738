import { makeFloat, makeInt } from "#engine/onnx/attributes.ts";
import { sumTo } from "../broadcast.ts";
import type { Emitter } from "../emitter.ts";
import type { Operand } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { matmul, reshape, transposeMatrix } from "../tensors.ts";

/**
 * Y = A B, with leading axes broadcast: dA = dY Bᵀ, dB = Aᵀ dY, each summed over the axes that it was repeated along.
 * Vectors are matrices of one row or column.
 */
export const matmulRule = ruleOf((site, dy, emit) => {
  const [a, b] = [site.input(0), site.input(1)];
  const left = a.dims.length === 1 ? reshape(emit, a, [1, ...a.dims]) : a;
  const right = b.dims.length === 1 ? reshape(emit, b, [...b.dims, 1]) : b;
  const rows = left.dims.at(-2) ?? 1;
  const columns = right.dims.at(-1) ?? 1;
  const outer = dy.dims.slice(0, dy.dims.length - (a.dims.length > 1 ? 1 : 0) - (b.dims.length > 1 ? 1 : 0));
  const upstream = reshape(emit, dy, [...outer, rows, columns]);
  return [
    site.wants(0) ? sumTo(emit, leftGradient(emit, upstream, right), left.dims) : undefined,
    site.wants(1) ? rightGradient(emit, left, upstream, right.dims) : undefined,
  ];
});

function leftGradient(emit: Emitter, dy: Operand, right: Operand): Operand {
  return matmul(emit, dy, transposeMatrix(emit, right));
}

/** A weight that all leading axes share: one product of matrices instead of many and a sum. */
function rightGradient(emit: Emitter, left: Operand, dy: Operand, dims: readonly number[]): Operand {
  const [rows, columns] = [left.dims.at(-1) ?? 1, dy.dims.at(-1) ?? 1];
  if (dims.length === 2) {
    const count = dy.dims.slice(0, -1).reduce((a, b) => a * b, 1);
    const [flat, upstream] = [reshape(emit, left, [count, rows]), reshape(emit, dy, [count, columns])];
    return transposedProduct(emit, flat, upstream);
  }
  return sumTo(emit, matmul(emit, transposeMatrix(emit, left), dy), dims);
}

/** Aᵀ B of two matrices. */
export function transposedProduct(emit: Emitter, a: Operand, b: Operand): Operand {
  const dims = [a.dims[1] ?? 1, b.dims[1] ?? 1];
  return emit.op("Gemm", [a, b], dims, [makeInt("transA", 1), makeFloat("alpha", 1)]);
}
