import { makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { sizeOf } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { reshape, zeros } from "../tensors.ts";

/**
 * Each maximum hands its gradient to the place that it came from. The places are the operator's own second output.
 *
 * MaxUnpool keeps one gradient per place, which is right (and twice as fast as scattering) where windows are apart;
 * where they overlap, gradients add up.
 */
export const maxPoolRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  if (site.int("storage_order", 0) !== 0) throw site.refusal("its indices are in column-major order");
  const places = site.extraOutput(1, dy.dims);
  const kernel = site.ints("kernel_shape") ?? [];
  const strides = site.ints("strides") ?? kernel.map(() => 1);
  const dilations = site.ints("dilations") ?? kernel.map(() => 1);
  const isApart = kernel.every(
    (size, axis) => (size - 1) * (dilations[axis] ?? 1) + 1 <= (strides[axis] ?? 1),
  );
  const [size, count] = [sizeOf(x.dims), sizeOf(dy.dims)];
  if (isApart) {
    // Places count through the whole tensor, so that one long row stands for it: its shape is checked less strictly.
    const [row, moved] = [reshape(emit, dy, [1, 1, count]), reshape(emit, places, [1, 1, count])];
    const line = [1, 1, size];
    const unpooled = emit.op("MaxUnpool", [row, moved, emit.ints(line)], line, [
      makeInts("kernel_shape", [1]),
    ]);
    return [reshape(emit, unpooled, x.dims)];
  }
  const flat = [count];
  const scattered = emit.op(
    "ScatterElements",
    [zeros(emit, [size]), reshape(emit, places, flat), reshape(emit, dy, flat)],
    [size],
    [makeInt("axis", 0), makeString("reduction", "add")],
  );
  return [reshape(emit, scattered, x.dims)];
});
