import type { Emitter } from "../emitter.ts";
import { fromFront, type Known, type Operand, sizeOf } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { counting, equal, expand, reshape, where, zeros } from "../tensors.ts";

/**
 * Without a reduction, data gets the gradient where nothing was written, and an update where it was the last that was
 * written; added updates get the gradient of their place, and data all of it.
 */
export const scatterNdRule = ruleOf((site, dy, emit) => {
  const [data, indices, updates] = [site.input(0), site.input(1), site.input(2)];
  const reduction = site.text("reduction", "none");
  if (reduction !== "none" && reduction !== "add") throw site.refusal(`reduction ${reduction}`);
  const isAdded = reduction === "add";
  const read = () => emit.op("GatherND", [dy, indices], updates.dims);
  const written = () =>
    isAdded || isDistinct(indices, data.dims)
      ? read()
      : where(emit, lastWritten(emit, indices, data.dims, updates.dims.length), read(), 0);
  return [
    site.wants(0)
      ? isAdded
        ? dy
        : emit.op("ScatterND", [dy, indices, zeros(emit, updates.dims)], data.dims)
      : undefined,
    undefined,
    site.wants(2) ? written() : undefined,
  ];
});

/** Whether no place is known to be written twice. */
function isDistinct({ values, dims }: Known, shape: readonly number[]): boolean {
  const width = dims.at(-1) ?? 1;
  const count = sizeOf(dims.slice(0, -1));
  if (count === 1) return true;
  if (values === undefined || width === 0) return false;
  const places = Array.from({ length: count }, (_, at) =>
    values
      .slice(at * width, (at + 1) * width)
      .map((value, axis) => (typeof value === "number" ? fromFront(value, shape[axis] ?? 1) : NaN))
      .join(),
  );
  return new Set(places).size === count && !places.some((place) => place.includes("NaN"));
}

/** Which updates were not overwritten: each place is asked for the number of the update that it holds. */
function lastWritten(emit: Emitter, indices: Operand, shape: readonly number[], rank: number): Operand {
  const outer = indices.dims.slice(0, -1);
  const table = shape.slice(0, indices.dims.at(-1));
  const numbers = reshape(emit, counting(emit, sizeOf(outer)), outer);
  const holders = emit.op("ScatterND", [expand(emit, emit.ints([0]), table), indices, numbers], table);
  const isLast = equal(emit, emit.op("GatherND", [holders, indices], outer), numbers);
  return reshape(emit, isLast, [...outer, ...Array.from({ length: rank - outer.length }, () => 1)]);
}
