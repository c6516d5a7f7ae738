import { type RandomStream, randomStream } from "#engine/evaluate/statistics/random.ts";
import { convertNumbers, isFloat, toNumbers } from "#engine/evaluate/tensors/elements.ts";
import type { HostTensor, TensorMap } from "#engine/evaluate/tensors/tensor.ts";

/** Relative change of floats: what rounding in another order does over a few layers. */
const floatChange = 2 ** -20;
/** One of so many integers changes by a step: what rounding does to the inner values of a quantised model. */
const integerShare = 8;

/** Largest values of the integers that are levels of something, not indices or flags. */
const levels: Readonly<Partial<Record<HostTensor["dtype"], readonly [number, number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
  int16: [-32_768, 32_767],
};

/**
 * The same inputs but for changes as small as rounding: how far a model's outputs move with them is how far two runtimes
 * may be apart that round differently.
 *
 * @param indices inputs that index a table, which stay as they are
 */
export function perturbed(feeds: TensorMap, seed: number, indices: ReadonlySet<string>): TensorMap {
  const random = randomStream(seed);
  return Object.fromEntries(
    Object.entries(feeds).map(([name, tensor]) => [
      name,
      indices.has(name) ? tensor : changed(tensor, random),
    ]),
  );
}

function changed(tensor: HostTensor, random: RandomStream): HostTensor {
  const { dtype, dims } = tensor;
  const range = levels[dtype];
  if (dtype === "string" || (!isFloat(dtype) && range === undefined)) return tensor;
  const values = Float64Array.from(toNumbers(tensor), (value) => {
    const sign = random.below(2) === 0 ? -1 : 1;
    if (range === undefined) return value * (1 + sign * floatChange);
    if (random.below(integerShare) > 0) return value;
    return Math.min(range[1], Math.max(range[0], value + sign));
  });
  return { dtype, dims, data: convertNumbers(values, dtype, "input") };
}
