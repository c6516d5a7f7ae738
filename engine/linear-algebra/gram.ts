import type { Matrix } from "./matrix.ts";
import { addTile, packPanels, padded, passLength, tile, trim } from "./panels.ts";

/**
 * Sums of xᵀx over the rows x of matrices that come one after another: the Gram matrix of all of them, without ever
 * holding all. Products of float32 values are exact in float64.
 */
export class Gram {
  readonly size: number;
  readonly #stride: number;
  readonly #sums: Float64Array;
  readonly #panels: Float64Array;

  /** @param size columns of every matrix that is added */
  constructor(size: number) {
    this.size = size;
    this.#stride = padded(size);
    this.#sums = new Float64Array(this.#stride * this.#stride);
    this.#panels = new Float64Array(passLength * this.#stride);
  }

  add(matrix: Matrix): void {
    if (matrix.columns !== this.size) throw new RangeError(`${matrix.columns} columns, not ${this.size}`);
    for (let from = 0; from < matrix.rows; from += passLength) {
      const length = Math.min(passLength, matrix.rows - from);
      packPanels(matrix, from, length, this.#panels);
      this.#addPanels(length);
    }
  }

  /** Tiles on and below the diagonal: the rest follows from symmetry. */
  #addPanels(length: number): void {
    const [panels, stride] = [this.#panels, this.#stride];
    for (let row = 0; row < stride; row += tile) {
      for (let column = 0; column <= row; column += tile) {
        const at = row * stride + column;
        addTile(panels, row * length, panels, column * length, length, this.#sums, at, stride);
      }
    }
  }

  /** The matrix so far, `size` × `size`, exactly symmetric. */
  values(): Float64Array {
    const { size } = this;
    const out = trim(this.#sums, this.#stride, size, size).slice();
    for (let row = 0; row < size; row++) {
      for (let column = 0; column < row; column++) out[column * size + row] = out[row * size + column]!;
    }
    return out;
  }
}

/** MᵀM. */
export function gramMatrix(matrix: Matrix): Float64Array {
  const gram = new Gram(matrix.columns);
  gram.add(matrix);
  return gram.values();
}
