import { type Blocks, blockCount, type Format, scaleRounding } from "./blocks.ts";

/** Constants of the reference implementation and of ONNX Runtime's `HQQWeightOnlyQuantizer`. */
const norm = 0.7;
const firstBeta = 10;
const kappa = 1.01;
const mostTurns = 20;
/** Bound of 1/scale in the reference, which has 16-bit floats in mind. */
const mostReciprocal = 2e4;

/** See `roundToEven` of `quantization/range.ts`; inlined because this is the inner loop. */
const magic = 6755399441055744;

const { fround } = Math;

/**
 * Half-quadratic quantisation (Badri and Shaji, mobiusml.github.io/hqq_blog, 2023), as ONNX Runtime 1.27's
 * `HQQWeightOnlyQuantizer` does it: the scale comes from the range of the block, the zero point is moved to where the
 * error has a small ℓ0.7 norm, which cares less for outliers than squares do. Each turn rounds, shrinks what is left,
 * e = sign(r)·max(0, |r| − |r|^(p−1)/β) with r = w − dequantised, and sets zero = mean(q − (w − e)/scale); β grows by
 * 1 %. It ends after 20 turns, or when the mean error over the whole weight no longer falls. Needs no data.
 *
 * @param columns [lines, length]
 * @param optimize false: the zero points of the range, rounded, as the method starts from
 * @returns blocks with float zero points; undefined where a value is not finite
 */
export function halfQuadratic(
  columns: Float32Array,
  lines: number,
  length: number,
  format: Format,
  optimize = true,
): Blocks | undefined {
  const solver = new Solver(columns, lines, length, format);
  if (!solver.start()) return undefined;
  if (optimize) solver.optimize();
  return solver.finish();
}

class Solver {
  readonly #columns: Float32Array;
  readonly #lines: number;
  readonly #length: number;
  readonly #format: Format;
  readonly #perLine: number;
  readonly #most: number;
  /** 1/scale. */
  readonly #reciprocals: Float32Array;
  readonly #zeros: Float32Array;

  constructor(columns: Float32Array, lines: number, length: number, format: Format) {
    this.#columns = columns;
    this.#lines = lines;
    this.#length = length;
    this.#format = format;
    this.#perLine = blockCount(length, format.blockSize);
    this.#most = 2 ** format.bits - 1;
    this.#reciprocals = new Float32Array(lines * this.#perLine);
    this.#zeros = new Float32Array(lines * this.#perLine);
  }

  #forEachBlock(visit: (block: number, start: number, end: number, padding: number) => void): void {
    const { blockSize } = this.#format;
    for (let line = 0, block = 0; line < this.#lines; line++) {
      const stop = (line + 1) * this.#length;
      for (let start = line * this.#length; start < stop; start += blockSize, block++) {
        const end = Math.min(start + blockSize, stop);
        visit(block, start, end, start + blockSize - end);
      }
    }
  }

  /** Scales and first zero points from the ranges of the blocks, the zeros that fill the last one up included. */
  start(): boolean {
    let finite = true;
    this.#forEachBlock((block, start, end, padding) => {
      let min = padding > 0 ? 0 : this.#columns[start]!;
      let max = min;
      for (let index = start; index < end; index++) {
        const value = this.#columns[index]!;
        if (value < min) min = value;
        else if (value > max) max = value;
        else if (!(value <= max)) finite = false;
      }
      const range = fround(max - min);
      finite &&= Number.isFinite(range);
      // PyTorch divides a number by a tensor in two steps.
      const reciprocal = range === 0 ? 1 : Math.min(fround(fround(1 / range) * this.#most), mostReciprocal);
      this.#reciprocals[block] = reciprocal;
      this.#zeros[block] = fround(-min * reciprocal) + magic - magic;
    });
    return finite;
  }

  optimize(): void {
    let beta = firstBeta;
    let best = 1e4;
    for (let turn = 0; turn < mostTurns; turn++) {
      const error = fround(this.#turn(fround(1 / beta)));
      beta *= kappa;
      if (!(error < best)) break;
      best = error;
    }
  }

  /** Moves every zero point once; returns the mean error that the zero points before it had. */
  #turn(strength: number): number {
    const columns = this.#columns;
    const most = this.#most;
    const size = this.#format.blockSize;
    // |r| > |r|^(p−1)/β only from here on, a little less for the rounding: powers are slow.
    const least = 0.99 * strength ** (1 / (2 - norm));
    let total = 0;
    this.#forEachBlock((block, start, end, padding) => {
      const reciprocal = this.#reciprocals[block]!;
      const zero = this.#zeros[block]!;
      let sum = 0;
      for (let index = start; index < end + padding; index++) {
        const weight = index < end ? columns[index]! : 0;
        const rounded = fround(fround(weight * reciprocal) + zero) + magic - magic;
        const value = Math.max(0, Math.min(most, rounded));
        const left = fround(weight - fround(fround(value - zero) / reciprocal));
        const size = Math.abs(left);
        total += size;
        let error = 0;
        if (size > least) {
          const shrunk = fround(size - fround(strength * fround(fround(size + 1e-8) ** (norm - 1))));
          if (shrunk > 0) error = left < 0 ? -shrunk : shrunk;
        }
        sum += fround(value - fround(fround(weight - error) * reciprocal));
      }
      this.#zeros[block] = sum / size;
    });
    return total / (this.#zeros.length * size);
  }

  finish(): Blocks {
    const { blockSize, scaleType } = this.#format;
    const asStored = scaleRounding(scaleType);
    const values = new Uint8Array(this.#zeros.length * blockSize);
    const scales = new Float32Array(this.#zeros.length);
    const zeroPoints = this.#zeros.map(asStored);
    this.#forEachBlock((block, start, end, padding) => {
      const reciprocal = this.#reciprocals[block]!;
      scales[block] = asStored(1 / reciprocal);
      const zero = this.#zeros[block]!;
      let at = block * blockSize;
      for (let index = start; index < end + padding; index++) {
        const weight = index < end ? this.#columns[index]! : 0;
        const rounded = fround(fround(weight * reciprocal) + zero) + magic - magic;
        values[at++] = Math.max(0, Math.min(this.#most, rounded));
      }
    });
    return { lines: this.#lines, length: this.#length, values, scales, zeroPoints };
  }
}
