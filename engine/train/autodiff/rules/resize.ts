import { makeInts } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../emitter.ts";
import { type Operand, sizeOf } from "../operand.ts";
import { type AxisWeights, axisWeights } from "../resampling.ts";
import { ruleOf } from "../rule.ts";
import { matmul, mul, reshape } from "../tensors.ts";

/** A matrix for an axis is a constant of the graph: up to 64 MB. */
const mostWeights = 2 ** 24;

/**
 * Resizing is linear in the values, one axis after the other, each by a matrix [out, in] of weights: the gradient goes
 * through their transposes. Values repeated in blocks get the sum of their block, which pooling finds fastest.
 */
export const resizeRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const resized = x.dims.flatMap((dim, axis) =>
    dim === dy.dims[axis] ? [] : [{ axis, weights: axisWeights(site, axis, dim, dy.dims[axis] ?? 1) }],
  );
  if (resized.some(({ weights }) => weights.rows * weights.columns > mostWeights))
    throw site.refusal("it is too large");
  const blocks = x.dims
    .slice(2)
    .map((_, at) => resized.find(({ axis }) => axis === at + 2)?.weights.block ?? 1);
  const arePooled =
    x.dims.length === 4 && resized.every(({ axis, weights }) => axis >= 2 && weights.block !== undefined);
  if (arePooled) return [sumBlocks(emit, dy, x.dims, blocks)];
  return [resized.reduce((part, { axis, weights }) => along(emit, part, axis, weights), dy)];
});

function sumBlocks(emit: Emitter, dy: Operand, dims: readonly number[], blocks: readonly number[]): Operand {
  const window = [makeInts("kernel_shape", blocks), makeInts("strides", blocks)];
  return mul(emit, emit.op("AveragePool", [dy], dims, window), sizeOf(blocks));
}

function along(emit: Emitter, dy: Operand, axis: number, { rows, columns, values }: AxisWeights): Operand {
  const dims = dy.dims.map((dim, other) => (other === axis ? columns : dim));
  if (axis === dy.dims.length - 1) return matmul(emit, dy, emit.floats([rows, columns], values));
  const [outer, inner] = [sizeOf(dy.dims.slice(0, axis)), sizeOf(dy.dims.slice(axis + 1))];
  const turned = Float32Array.from(
    values,
    (_, at) => values[(at % rows) * columns + Math.floor(at / rows)] ?? 0,
  );
  const product = matmul(emit, emit.floats([columns, rows], turned), reshape(emit, dy, [outer, rows, inner]));
  return reshape(emit, product, dims);
}
