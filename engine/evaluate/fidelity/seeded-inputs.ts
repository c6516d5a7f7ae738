import { EngineError } from "#engine/error.ts";
import { own } from "#engine/own.ts";
import type { FeedBatch } from "../dataset/feeds.ts";
import { type RandomStream, randomStream } from "../statistics/random.ts";
import { convertNumbers, isFloat } from "../tensors/elements.ts";
import {
  elementCount,
  formatShape,
  type HostTensor,
  type ModelSignature,
  type TensorSignature,
} from "../tensors/tensor.ts";

export interface SeededInputOptions {
  /** Calls to make inputs for. */
  readonly items: number;
  readonly seed: number;
  /** Size of symbolic batch axes, default 1. */
  readonly batch?: number;
  /** Exclusive upper bound of the indices in an input, see `indexBounds`. */
  readonly bounds?: ReadonlyMap<string, number>;
  /** Sizes of symbolic dimensions, by symbol; wins over the rules below. */
  readonly sizes?: Readonly<Record<string, number>>;
  /** Size of other symbolic dimensions. Default 8, and 32 for height and width (inputs of rank 4 and 5). */
  readonly symbolic?: number;
}

/** A model that wants more than this for one item is not compared on made-up inputs. */
const maxElements = 2 ** 27;

/**
 * Made-up inputs that fit a model's signature, the same for the same seed on every machine.
 *
 * Symbolic dimensions: a symbol that is the first axis of any input, or has "batch" in its name, is the batch; "a + b" is
 * the sum of its parts; one with "past" in its name is 0; the others see `symbolic`. Values: floats standard normal; integers that index a table
 * uniform below its size; inputs with "mask" in their name 1; bytes uniform over their range; other integers and
 * booleans 0 or 1; strings short words.
 *
 * @throws EngineError "limit-exceeded" for inputs too large to make up
 */
export function seededFeeds(model: ModelSignature, options: SeededInputOptions): FeedBatch[] {
  const sizes = symbolSizes(model, options);
  const batched = model.inputs.some(({ shape }) => typeof shape[0] === "string");
  const size = batched ? (options.batch ?? 1) : 1;
  const random = randomStream(options.seed);
  return Array.from({ length: options.items }, (_, item) => ({
    feeds: Object.fromEntries(
      model.inputs.map((input) => [input.name, makeTensor(input, sizes, options, random)]),
    ),
    rows: Uint32Array.from({ length: size }, (_, index) => item * size + index),
    size,
  }));
}

function symbolSizes(
  model: ModelSignature,
  options: SeededInputOptions,
): (symbol: string, rank: number) => number {
  const batches = new Set(model.inputs.map(({ shape }) => shape[0]));
  const sizeOf = (symbol: string, rank: number): number => {
    const given = own(options.sizes ?? {}, symbol);
    if (given !== undefined) return given;
    const parts = symbol.split("+").map((part) => part.trim());
    if (parts.length > 1 && parts.every((part) => part !== "")) {
      return parts.reduce((sum, part) => sum + (/^\d+$/.test(part) ? Number(part) : sizeOf(part, rank)), 0);
    }
    // An empty past is what a decoder sees with its first token, and keeps "total" lengths consistent.
    if (/past/i.test(symbol)) return 0;
    // An unnamed dimension says nothing about other axes, so it is a batch only where it comes first itself.
    if (symbol !== "" && (batches.has(symbol) || /batch/i.test(symbol))) return options.batch ?? 1;
    return options.symbolic ?? (rank >= 4 ? 32 : 8);
  };
  return sizeOf;
}

function makeTensor(
  input: TensorSignature,
  sizeOf: (symbol: string, rank: number) => number,
  options: SeededInputOptions,
  random: RandomStream,
): HostTensor {
  const { name, dtype, shape } = input;
  const dims = shape.map((dim, axis) => {
    if (typeof dim === "number") return dim;
    return dim === "" && axis === 0 ? (options.batch ?? 1) : sizeOf(dim, shape.length);
  });
  const count = elementCount(dims);
  if (!(count <= maxElements)) {
    throw new EngineError(
      "limit-exceeded",
      `An item of ${formatShape(dims)} is too large to make up`,
      `input "${name}"`,
    );
  }
  if (dtype === "string") {
    const data = Array.from({ length: count }, () => `word${random.below(100)}`);
    return { dtype, dims, data };
  }
  const bound = options.bounds?.get(name);
  const values = Float64Array.from({ length: count }, () => {
    // Indices may come as floats.
    if (bound !== undefined) return random.below(Math.max(1, bound));
    if (isFloat(dtype)) return /mask/i.test(name) ? 1 : random.normal();
    if (/mask/i.test(name)) return 1;
    if (dtype === "uint8") return random.below(256);
    if (dtype === "int8") return random.below(256) - 128;
    return random.below(2);
  });
  return { dtype, dims, data: convertNumbers(values, dtype, `input "${name}"`) };
}
