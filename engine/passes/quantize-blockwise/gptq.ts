import { type Blocks, blockCount, type Format, scaleRounding } from "./blocks.ts";
import { type Grid, rangeGrid } from "./rtn.ts";

/** Rows after which what they got wrong is passed on to all rows below at once. */
const lazyRows = 128;
/** Columns that are worked on together: they do not depend on each other. */
const chunkColumns = 128;

/** See `roundToEven` of `quantization/range.ts`; inlined because this is the inner loop. */
const magic = 6755399441055744;

/** Finds scale and zero point of `values[0..count)`; false where there are none. */
export type GridFinder = (values: Float32Array, count: number, format: Format, out: Grid) => boolean;

const byRange: GridFinder = (values, count, format, out) => rangeGrid(values, 0, count, format, out);

/**
 * GPTQ (Frantar et al., arXiv 2210.17323): rows of the weight, which belong to one input each, are rounded one after
 * another, and what a row got wrong is made good by the rows below it, so that the outputs on the calibration data
 * change least. With U of `inverseFactor`: e = (w_i − q_i)/U_ii, w_j −= U_ij·e for j > i. Inputs are taken in their
 * order ("actorder" off). The grid of a block comes from its values as they are when its first row is reached.
 *
 * @param columns [lines, length]: a line is one output's weights
 * @param factor U, [length, length], upper triangular, H⁻¹ = UᵀU
 */
export function gptq(
  columns: Float32Array,
  lines: number,
  length: number,
  factor: Float64Array,
  format: Format,
  findGrid: GridFinder = byRange,
): Blocks | undefined {
  const perLine = blockCount(length, format.blockSize);
  const blocks = {
    lines,
    length,
    values: new Uint8Array(lines * perLine * format.blockSize),
    scales: new Float32Array(lines * perLine),
    zeroPoints: new Uint8Array(lines * perLine),
  };
  for (let start = 0; start < lines; start += chunkColumns) {
    const count = Math.min(chunkColumns, lines - start);
    if (!new Chunk(columns, start, count, factor, format, findGrid).sweep(blocks)) return undefined;
  }
  return format.symmetric ? { ...blocks, zeroPoints: undefined } : blocks;
}

type Target = Blocks & { readonly zeroPoints: Uint8Array };

class Chunk {
  readonly #first: number;
  readonly #count: number;
  readonly #length: number;
  readonly #factor: Float64Array;
  readonly #format: Format;
  readonly #findGrid: GridFinder;
  /** What is left of the weights, [length, count]. */
  readonly #rows: Float64Array;
  /** Errors of the rows that are worked on, [lazy rows, count]. */
  readonly #errors: Float64Array;
  readonly #lazy: number;
  readonly #scales: Float64Array;
  readonly #zeros: Float64Array;

  constructor(
    columns: Float32Array,
    first: number,
    count: number,
    factor: Float64Array,
    format: Format,
    findGrid: GridFinder,
  ) {
    const length = Math.sqrt(factor.length);
    this.#first = first;
    this.#count = count;
    this.#length = length;
    this.#factor = factor;
    this.#format = format;
    this.#findGrid = findGrid;
    this.#lazy = Math.max(lazyRows, format.blockSize);
    this.#rows = new Float64Array(length * count);
    this.#errors = new Float64Array(this.#lazy * count);
    this.#scales = new Float64Array(count);
    this.#zeros = new Float64Array(count);
    for (let column = 0; column < count; column++) {
      const from = (first + column) * length;
      for (let row = 0; row < length; row++) this.#rows[row * count + column] = columns[from + row]!;
    }
  }

  sweep(out: Target): boolean {
    for (let start = 0; start < this.#length; start += this.#lazy) {
      const end = Math.min(start + this.#lazy, this.#length);
      for (let row = start; row < end; row++) {
        if (row % this.#format.blockSize === 0 && !this.#openBlock(row, out)) return false;
        this.#round(row, row - start, out);
        for (let below = row + 1; below < end; below++) this.#passOn(row, row - start, below);
      }
      for (let below = end; below < this.#length; below++) this.#passOnAll(start, end, below);
    }
    return true;
  }

  #openBlock(row: number, out: Target): boolean {
    const { blockSize, scaleType } = this.#format;
    const count = Math.min(blockSize, this.#length - row);
    const values = new Float32Array(count);
    const grid: Grid = { scale: 0, zeroPoint: 0 };
    const asStored = scaleRounding(scaleType);
    const perLine = blockCount(this.#length, blockSize);
    for (let column = 0; column < this.#count; column++) {
      for (let index = 0; index < count; index++)
        values[index] = this.#rows[(row + index) * this.#count + column]!;
      if (!this.#findGrid(values, count, this.#format, grid)) return false;
      const scale = asStored(grid.scale);
      if (!Number.isFinite(scale)) return false;
      this.#scales[column] = scale;
      this.#zeros[column] = grid.zeroPoint;
      const at = (this.#first + column) * perLine + row / blockSize;
      out.scales[at] = scale;
      out.zeroPoints[at] = grid.zeroPoint;
      // What fills a short block up stands for zero.
      if (count < blockSize) out.values.fill(grid.zeroPoint, at * blockSize + count, (at + 1) * blockSize);
    }
    return true;
  }

  /** Rounds one row; its errors, over U's diagonal, go to line `slot`. */
  #round(row: number, slot: number, out: Target): void {
    const { bits, blockSize } = this.#format;
    const most = 2 ** bits - 1;
    const pivot = this.#factor[row * this.#length + row]!;
    const padded = blockCount(this.#length, blockSize) * blockSize;
    for (let column = 0; column < this.#count; column++) {
      const weight = this.#rows[row * this.#count + column]!;
      const scale = this.#scales[column]!;
      const zero = this.#zeros[column]!;
      const position = scale === 0 ? 0 : weight / scale;
      const value = Math.max(0, Math.min(most, position + magic - magic + zero));
      out.values[(this.#first + column) * padded + row] = value;
      this.#errors[slot * this.#count + column] = (weight - (value - zero) * scale) / pivot;
    }
  }

  #passOn(row: number, slot: number, below: number): void {
    const share = this.#factor[row * this.#length + below]!;
    if (share === 0) return;
    const [rows, errors, count] = [this.#rows, this.#errors, this.#count];
    const [to, from] = [below * count, slot * count];
    for (let column = 0; column < count; column++)
      rows[to + column] = rows[to + column]! - share * errors[from + column]!;
  }

  /** As `#passOn` for all rows of a lazy block, four at a time. */
  #passOnAll(start: number, end: number, below: number): void {
    const [rows, errors, count, factor, length] = [
      this.#rows,
      this.#errors,
      this.#count,
      this.#factor,
      this.#length,
    ];
    const to = below * count;
    let row = start;
    for (; row + 3 < end; row += 4) {
      const at = row * length + below;
      const [a, b, c, d] = [
        factor[at]!,
        factor[at + length]!,
        factor[at + 2 * length]!,
        factor[at + 3 * length]!,
      ];
      const from = (row - start) * count;
      for (let column = 0; column < count; column++) {
        const e = from + column;
        rows[to + column] =
          rows[to + column]! -
          (a * errors[e]! +
            b * errors[e + count]! +
            (c * errors[e + 2 * count]! + d * errors[e + 3 * count]!));
      }
    }
    for (; row < end; row++) this.#passOn(row, row - start, below);
  }
}

/** Share of the mean diagonal that is added to the diagonal, as the reference and ONNX Runtime do by default. */
const dampening = 0.01;
/** Inputs that are almost always equal can leave a matrix indefinite by rounding: more dampening then. */
const mostDampening = 1;

/**
 * Prepares XᵀX of the inputs for `inverseFactor`, in place: an input that was always zero gets a diagonal of the mean
 * (its weights are rounded to nearest; the reference sets them to zero, which would be wrong for other data), and
 * the diagonal is dampened.
 *
 * @param tryFactor called with more and more dampening until it gives something
 * @returns undefined where the inputs are not finite or always zero
 */
export function dampened<T>(
  gram: Float64Array,
  n: number,
  tryFactor: (matrix: Float64Array) => T | undefined,
): T | undefined {
  let sum = 0;
  let seen = 0;
  for (let i = 0; i < n; i++) {
    const value = gram[i * n + i]!;
    if (!Number.isFinite(value)) return undefined;
    sum += value;
    if (value > 0) seen++;
  }
  if (seen === 0) return undefined;
  const mean = sum / n;
  for (let i = 0; i < n; i++) if (gram[i * n + i]! <= 0) gram[i * n + i] = sum / seen;
  let added = 0;
  for (let share = dampening; share <= mostDampening; share *= 10) {
    for (let i = 0; i < n; i++) gram[i * n + i] = gram[i * n + i]! + share * mean - added;
    added = share * mean;
    const found = tryFactor(gram);
    if (found !== undefined) return found;
  }
  return undefined;
}
