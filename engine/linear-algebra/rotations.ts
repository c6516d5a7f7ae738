/** Plane rotations in the order in which they were found, to be applied later to as few vectors as are wanted. */
export class Rotations {
  #count = 0;
  #cosines: Float64Array;
  #sines: Float64Array;
  #planes: Int32Array;

  /** @param size of the matrix: QL takes fewer than two sweeps a value, which is some 0.9 n² rotations */
  constructor(size: number) {
    const expected = Math.max(64, size * size);
    this.#cosines = new Float64Array(expected);
    this.#sines = new Float64Array(expected);
    this.#planes = new Int32Array(expected);
  }

  /** A rotation of the columns `plane` and `plane` + 1. */
  push(plane: number, cosine: number, sine: number): void {
    const at = this.#count++;
    if (at === this.#planes.length) this.#grow();
    this.#planes[at] = plane;
    this.#cosines[at] = cosine;
    this.#sines[at] = sine;
  }

  #grow(): void {
    const length = 2 * this.#planes.length;
    const [cosines, sines, planes] = [this.#cosines, this.#sines, this.#planes];
    this.#cosines = new Float64Array(length);
    this.#sines = new Float64Array(length);
    this.#planes = new Int32Array(length);
    this.#cosines.set(cosines);
    this.#sines.set(sines);
    this.#planes.set(planes);
  }

  /**
   * X ← G₁ G₂ … Gₙ X for four columns, the last rotation first. Within a sweep planes follow one another: the row
   * that two rotations share stays in registers.
   *
   * @param x rows of four numbers
   */
  apply(x: Float64Array): void {
    const [cosines, sines, planes] = [this.#cosines, this.#sines, this.#planes];
    let index = this.#count - 1;
    while (index >= 0) {
      let plane = planes[index]!;
      let at = 4 * plane;
      let a0 = x[at]!;
      let a1 = x[at + 1]!;
      let a2 = x[at + 2]!;
      let a3 = x[at + 3]!;
      do {
        const c = cosines[index]!;
        const s = sines[index]!;
        const b0 = x[at + 4]!;
        const b1 = x[at + 5]!;
        const b2 = x[at + 6]!;
        const b3 = x[at + 7]!;
        x[at] = c * a0 + s * b0;
        x[at + 1] = c * a1 + s * b1;
        x[at + 2] = c * a2 + s * b2;
        x[at + 3] = c * a3 + s * b3;
        a0 = c * b0 - s * a0;
        a1 = c * b1 - s * a1;
        a2 = c * b2 - s * a2;
        a3 = c * b3 - s * a3;
        at += 4;
        plane++;
        index--;
      } while (index >= 0 && planes[index] === plane);
      x[at] = a0;
      x[at + 1] = a1;
      x[at + 2] = a2;
      x[at + 3] = a3;
    }
  }
}
