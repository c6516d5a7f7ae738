import { EngineError } from "#engine/error.ts";
import { toNumbers } from "#engine/evaluate/tensors/elements.ts";
import { floatTypes, formatShape, type HostTensor, type TensorMap } from "#engine/evaluate/tensors/tensor.ts";
import type { OutputParity, ParityReport } from "./report.schema.ts";

/** Largest relative difference of floats that two runtimes may have by adding in another order. */
export const floatTolerance = 1e-4;
/** How many times further apart than the model moves by itself two runtimes may be: each rounds at every layer. */
const sensitivityFactor = 4;

/** What an original and its conversion gave for one input, by name of the output. */
export interface OutputPair {
  readonly original: TensorMap;
  readonly converted: TensorMap;
  /** What the conversion gave for inputs that differ by as little as rounding; where that was asked for. */
  readonly nearby?: readonly TensorMap[];
}

/**
 * Compares what an original and its conversion gave for the same inputs.
 *
 * Floats agree where no difference is larger than the tolerance times the largest magnitude of that output (one at least);
 * integers where none is larger than `steps`; what is not finite has to be the same. Where a model makes much of little –
 * a softmax over large scores, a chain of quantised layers – they also agree up to four times as far as its own outputs
 * move with changes of the input as small as rounding.
 *
 * @throws EngineError "data-mismatch" where an output is missing or has another shape
 */
export function compareOutputs(
  pairs: readonly OutputPair[],
  about: Pick<ParityReport, "reference" | "seed"> & { readonly tolerance?: number; readonly steps?: number },
): ParityReport {
  const { tolerance = floatTolerance, steps = 0, reference, seed } = about;
  const sums = new Map<string, Sum>();
  let [agrees, sensitive] = [true, 0];
  for (const { original, converted, nearby = [] } of pairs) {
    let isSensitive = false;
    for (const [name, wanted] of Object.entries(original)) {
      const sum = sums.get(name) ?? new Sum();
      sums.set(name, sum);
      const found = matching(name, wanted, converted);
      const { abs, relative } = sum.add(wanted, found);
      if (floatTypes.has(wanted.dtype) ? relative <= tolerance : abs <= steps) continue;
      const reach = nearby.map((other) => difference(found, matching(name, wanted, other)).most);
      isSensitive = true;
      if (!(abs <= sensitivityFactor * Math.max(0, ...reach))) agrees = false;
    }
    if (isSensitive) sensitive++;
  }
  const outputs = [...sums].map(([name, sum]): OutputParity => ({ name, ...sum.result() }));
  return { reference, seed, inputs: pairs.length, tolerance, steps, sensitive, outputs, agrees };
}

function matching(name: string, wanted: HostTensor, converted: TensorMap): HostTensor {
  const found = Object.hasOwn(converted, name) ? converted[name] : undefined;
  const fits = found !== undefined && found.dims.join() === wanted.dims.join();
  if (fits) return found;
  const given = found === undefined ? "is missing" : `has the shape ${formatShape(found.dims)}`;
  throw new EngineError(
    "data-mismatch",
    `The converted model's output ${given}; the original gives ${formatShape(wanted.dims)}`,
    `output "${name}"`,
  );
}

/** The largest difference of two tensors, and the largest magnitude of the first, one at least. */
function difference(wanted: HostTensor, found: HostTensor): { most: number; largest: number } {
  const [a, b] = [toNumbers(wanted), toNumbers(found)];
  let [most, largest] = [0, 1];
  for (const [at, value] of a.entries()) {
    if (Number.isFinite(value)) largest = Math.max(largest, Math.abs(value));
    const other = b[at] ?? Number.NaN;
    if (!Object.is(value, other) && value !== other)
      most = Math.max(most, Math.abs(value - other) || Infinity);
  }
  return { most, largest };
}

class Sum {
  #abs = 0;
  #relative = 0;
  #rows = 0;
  #same = 0;

  add(wanted: HostTensor, found: HostTensor): { abs: number; relative: number } {
    const [a, b] = [toNumbers(wanted), toNumbers(found)];
    const { most, largest } = difference(wanted, found);
    const width = wanted.dims.at(-1) ?? 1;
    for (let row = 0; width > 1 && row + width <= a.length; row += width) {
      this.#rows++;
      if (argMax(a, row, width) === argMax(b, row, width)) this.#same++;
    }
    const relative = most / largest;
    this.#abs = Math.max(this.#abs, most);
    this.#relative = Math.max(this.#relative, relative);
    return { abs: most, relative };
  }

  result(): Omit<OutputParity, "name"> {
    const sameArgMax = this.#rows === 0 ? undefined : this.#same / this.#rows;
    return {
      maxAbs: this.#abs,
      maxRelative: this.#relative,
      ...(sameArgMax !== undefined && { sameArgMax }),
    };
  }
}

function argMax(values: Float32Array | Float64Array, from: number, width: number): number {
  let best = from;
  for (let at = from + 1; at < from + width; at++) if ((values[at] ?? 0) > (values[best] ?? 0)) best = at;
  return best - from;
}
