import { makeInt } from "#engine/onnx/attributes.ts";
import { sizeOf } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { counting, equal, expand, reshape, where, zeros } from "../tensors.ts";

/**
 * Without a reduction, data gets the gradient where nothing was written, and an update where it was the last that was
 * written; added updates get the gradient of their place, and data all of it.
 */
export const scatterElementsRule = ruleOf((site, dy, emit) => {
  const [data, indices, updates] = [site.input(0), site.input(1), site.input(2)];
  const reduction = site.text("reduction", "none");
  if (reduction !== "none" && reduction !== "add") throw site.refusal(`reduction ${reduction}`);
  const isAdded = reduction === "add";
  const axis = [makeInt("axis", site.int("axis", 0))];
  const read = () => emit.op("GatherElements", [dy, indices], updates.dims, axis);
  const isLast = () => {
    const numbers = reshape(emit, counting(emit, sizeOf(indices.dims)), indices.dims);
    const nothing = expand(emit, emit.ints([0]), data.dims);
    const holders = emit.op("ScatterElements", [nothing, indices, numbers], data.dims, axis);
    return equal(emit, emit.op("GatherElements", [holders, indices], indices.dims, axis), numbers);
  };
  return [
    site.wants(0)
      ? isAdded
        ? dy
        : emit.op("ScatterElements", [dy, indices, zeros(emit, updates.dims)], data.dims, axis)
      : undefined,
    undefined,
    site.wants(2) ? (isAdded ? read() : where(emit, isLast(), read(), 0)) : undefined,
  ];
});
