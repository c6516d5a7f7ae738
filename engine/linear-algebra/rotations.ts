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
   * X ← G₁ G₂ … Gₙ X, the last rotation first: two neighbouring rows of X each.
   *
   * @param x rows of `width` numbers
   */
  apply(x: Float64Array, width: number): void {
    const [cosines, sines, planes] = [this.#cosines, this.#sines, this.#planes];
    let at = this.#count - 1;
    while (at >= 0) {
      const plane = planes[at]!;
      // Within a sweep planes follow one another: two rotations share their middle row, which stays in registers.
      if (at > 0 && planes[at - 1] === plane + 1) {
        rotateTwice(x, plane * width, width, cosines[at]!, sines[at]!, cosines[at - 1]!, sines[at - 1]!);
        at -= 2;
      } else {
        rotateOnce(x, plane * width, width, cosines[at]!, sines[at]!);
        at--;
      }
    }
  }
}

function rotateOnce(x: Float64Array, upper: number, width: number, c: number, s: number): void {
  const lower = upper + width;
  for (let k = 0; k < width; k++) {
    const a = x[upper + k]!;
    const b = x[lower + k]!;
    x[upper + k] = c * a + s * b;
    x[lower + k] = c * b - s * a;
  }
}

function rotateTwice(
  x: Float64Array,
  first: number,
  width: number,
  c0: number,
  s0: number,
  c1: number,
  s1: number,
): void {
  const second = first + width;
  const third = second + width;
  for (let k = 0; k < width; k++) {
    const a = x[first + k]!;
    const b = x[second + k]!;
    const d = x[third + k]!;
    x[first + k] = c0 * a + s0 * b;
    const between = c0 * b - s0 * a;
    x[second + k] = c1 * between + s1 * d;
    x[third + k] = c1 * d - s1 * between;
  }
}
