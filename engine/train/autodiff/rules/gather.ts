import type { Emitter } from "../emitter.ts";
import { fromFront, type Known, type Operand, sizeOf } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { asInt64, padZeros, reshape, scatterAddRows, transpose, zeros } from "../tensors.ts";

/** Every entry goes back to its place; the gradients of an entry that was read several times add up. */
export const gatherRule = ruleOf((site, dy, emit) => {
  const [x, indices] = [site.input(0), site.input(1)];
  const axis = fromFront(site.int("axis", 0), x.dims.length);
  const [only, ...others] = indices.values ?? [];
  return [
    typeof only === "number" && others.length === 0
      ? placeOne(emit, dy, x, axis, only)
      : scatter(emit, dy, x, axis, indices),
  ];
});

/** One known place: zeros around it. */
function placeOne(emit: Emitter, dy: Operand, x: Known, axis: number, index: number): Operand {
  const dim = x.dims[axis] ?? 1;
  const at = fromFront(index, dim);
  const single = reshape(
    emit,
    dy,
    x.dims.map((size, other) => (other === axis ? 1 : size)),
  );
  const along = (count: number) => x.dims.map((_, other) => (other === axis ? count : 0));
  return padZeros(emit, single, along(at), along(dim - 1 - at));
}

/** Whole rows are added at a time, which is far faster than single values: the axis comes to the front. */
function scatter(emit: Emitter, dy: Operand, x: Known, axis: number, indices: Known): Operand {
  const [outer, inner] = [sizeOf(x.dims.slice(0, axis)), sizeOf(x.dims.slice(axis + 1))];
  const [dim, count] = [x.dims[axis] ?? 1, sizeOf(indices.dims)];
  const places = reshape(emit, asInt64(emit, indices), [count, 1]);
  if (outer === 1) {
    return scatterAddRows(emit, zeros(emit, [dim, inner]), places, reshape(emit, dy, [count, inner]));
  }
  const rows = transpose(emit, reshape(emit, dy, [outer, count, inner]), [1, 0, 2]);
  const sums = scatterAddRows(emit, zeros(emit, [dim, outer, inner]), places, rows);
  return transpose(emit, sums, [1, 0, 2]);
}
