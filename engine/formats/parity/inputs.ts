import { seededFeeds } from "#engine/evaluate/fidelity/seeded-inputs.ts";
import { convertNumbers, isFloat } from "#engine/evaluate/tensors/elements.ts";
import {
  elementCount,
  type HostTensor,
  type ModelSignature,
  type TensorMap,
} from "#engine/evaluate/tensors/tensor.ts";

/** Inputs on which an original and its conversion are compared. */
export const parityInputs = 16;

/** What inputs can be at their extremes: floats, bytes (or other integers), and indices of a table of so many rows. */
interface Extreme {
  readonly float: (at: number) => number;
  readonly integer: (at: number, lowest: number, highest: number) => number;
}

const extremes: readonly Extreme[] = [
  { float: () => 0, integer: (_, lowest) => lowest },
  { float: () => 1, integer: (_, __, highest) => highest },
  {
    float: (at) => (at % 2 === 0 ? 255 : -255),
    integer: (at, lowest, highest) => (at % 2 === 0 ? lowest : highest),
  },
  {
    float: (at) => (at % 97 === 0 ? 1000 : 0),
    integer: (at, lowest, highest) => (at % 97 === 0 ? highest : lowest),
  },
];

/** Ranges of integers that no table bounds: bytes take all their values, others are 0 or 1, as made-up inputs are. */
const ranges: Readonly<Partial<Record<HostTensor["dtype"], readonly [number, number]>>> = {
  int8: [-128, 127],
  uint8: [0, 255],
};

/**
 * Sixteen inputs that fit a signature, the same for a seed on every machine: twelve at random, and four extremes (nothing
 * but zeros, nothing but ones, both ends of a picture's range in turns, single peaks; for integers the ends of their range).
 *
 * @param bounds exclusive upper bound of inputs that index a table, see `indexBounds`
 * @throws EngineError "limit-exceeded" for inputs too large to make up
 */
export function parityFeeds(
  signature: ModelSignature,
  { seed, bounds }: { readonly seed: number; readonly bounds?: ReadonlyMap<string, number> },
): TensorMap[] {
  const random = seededFeeds(signature, {
    items: parityInputs - extremes.length,
    seed,
    ...(bounds && { bounds }),
  }).map(({ feeds }) => feeds);
  const [first = {}] = random;
  const further = extremes.map((extreme) =>
    Object.fromEntries(
      Object.entries(first).map(([name, tensor]) => [name, filled(name, tensor, extreme, bounds?.get(name))]),
    ),
  );
  return [...random, ...further];
}

function filled(name: string, tensor: HostTensor, extreme: Extreme, bound: number | undefined): HostTensor {
  const { dtype, dims } = tensor;
  if (dtype === "string") return tensor;
  const [lowest, highest] = bound === undefined ? (ranges[dtype] ?? [0, 1]) : [0, Math.max(0, bound - 1)];
  const values = Float64Array.from({ length: elementCount(dims) }, (_, at) =>
    isFloat(dtype) && bound === undefined ? extreme.float(at) : extreme.integer(at, lowest, highest),
  );
  return { dtype, dims, data: convertNumbers(values, dtype, `input "${name}"`) };
}
