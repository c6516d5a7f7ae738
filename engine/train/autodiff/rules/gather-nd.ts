import { makeInt } from "#engine/onnx/attributes.ts";
import type { Emitter } from "../emitter.ts";
import { type Known, type Operand, sizeOf } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { counting, expand, reshape, scatterAddRows, zeros } from "../tensors.ts";

/** The gradients of a part that was read several times add up. */
export const gatherNdRule = ruleOf((site, dy, emit) => {
  const [x, indices] = [site.input(0), site.input(1)];
  const batchDims = site.int("batch_dims", 0);
  if (batchDims === 0) return [scatterAddRows(emit, zeros(emit, x.dims), indices, dy)];
  const batch = sizeOf(x.dims.slice(0, batchDims));
  const rest = x.dims.slice(batchDims);
  const places = withBatch(emit, indices, batchDims, batch);
  const parts = reshape(emit, dy, [...places.dims.slice(0, -1), ...rest.slice(indices.dims.at(-1) ?? 1)]);
  return [scatterAddRows(emit, zeros(emit, [batch, ...rest]), places, parts)];
});

/** Indices [batch, …, k] with the item of the batch in front of each: [batch, …, 1 + k]. */
function withBatch(emit: Emitter, indices: Known, batchDims: number, batch: number): Operand {
  const dims = [batch, ...indices.dims.slice(batchDims)];
  const [lead, width] = [dims.slice(0, -1), dims.at(-1) ?? 1];
  const items = reshape(
    emit,
    counting(emit, batch),
    dims.map((_, axis) => (axis === 0 ? batch : 1)),
  );
  const parts = [expand(emit, items, [...lead, 1]), reshape(emit, indices, dims)];
  return emit.op("Concat", parts, [...lead, width + 1], [makeInt("axis", dims.length - 1)]);
}
