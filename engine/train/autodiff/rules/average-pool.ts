import { makeInts } from "#engine/onnx/attributes.ts";
import { type Operand, sizeOf } from "../operand.ts";
import { ruleOf } from "../rule.ts";
import { mul, reshape } from "../tensors.ts";
import { type Window, windowOf } from "../window.ts";

/**
 * Each mean shares its gradient among the places of its window: a transposed convolution of one channel by a window of
 * ones, every channel being an item of the batch. (Expand is seven times slower even where windows are apart.)
 */
export const averagePoolRule = ruleOf((site, dy, emit) => {
  const x = site.input(0);
  const kernel = site.ints("kernel_shape") ?? [];
  const isPadCounted = site.int("count_include_pad", 0) !== 0;
  const auto = site.text("auto_pad", "NOTSET");
  if (isPadCounted && auto.startsWith("SAME")) {
    throw site.refusal(`auto_pad ${auto} with count_include_pad differs between versions of the operator`);
  }
  const window = windowOf(site, kernel, x, dy);
  const counts = countsOf(window, x, dy, isPadCounted);
  const [first = 1] = counts;
  const isEven = counts.every((count) => count === first);
  const planes = sizeOf(x.dims.slice(0, 2));
  const shares = isEven
    ? dy
    : mul(
        emit,
        dy,
        emit.floats(
          [1, 1, ...dy.dims.slice(2)],
          Float32Array.from(counts, (count) => 1 / count),
        ),
      );
  const ones = emit.floats([1, 1, ...kernel], new Float32Array(sizeOf(kernel)).fill(isEven ? 1 / first : 1));
  const { strides, dilations, before } = window;
  // The last windows may end before the input does, or after it: the number of zeros to add, or of places to cut.
  const rest = kernel.map((size, axis) => {
    const reach =
      ((dy.dims[axis + 2] ?? 1) - 1) * (strides[axis] ?? 1) + (size - 1) * (dilations[axis] ?? 1) + 1;
    return (x.dims[axis + 2] ?? 1) + (before[axis] ?? 0) - reach;
  });
  const spread = emit.op(
    "ConvTranspose",
    [reshape(emit, shares, [planes, 1, ...dy.dims.slice(2)]), ones],
    [planes, 1, ...x.dims.slice(2)],
    [
      makeInts("kernel_shape", kernel),
      makeInts("strides", strides),
      makeInts("dilations", dilations),
      makeInts("pads", [...before, ...rest.map((count) => Math.max(0, -count))]),
      makeInts(
        "output_padding",
        rest.map((count) => Math.max(0, count)),
      ),
    ],
  );
  return [reshape(emit, spread, x.dims)];
});

/** How many places each mean is taken over, step by step; places beyond the padding never count. */
function countsOf(
  { kernel, strides, dilations, before, after }: Window,
  x: Operand,
  dy: Operand,
  isPadCounted: boolean,
): number[] {
  const perAxis = kernel.map((size, axis) => {
    const length = x.dims[axis + 2] ?? 1;
    const [front, back] = isPadCounted ? [-(before[axis] ?? 0), length + (after[axis] ?? 0)] : [0, length];
    return Array.from({ length: dy.dims[axis + 2] ?? 1 }, (_, step) => {
      const start = step * (strides[axis] ?? 1) - (before[axis] ?? 0);
      let count = 0;
      for (let k = 0; k < size; k++) {
        const place = start + k * (dilations[axis] ?? 1);
        if (place >= front && place < back) count++;
      }
      return count;
    });
  });
  return perAxis.reduce<number[]>(
    (all, axis) => all.flatMap((outer) => axis.map((count) => outer * count)),
    [1],
  );
}
