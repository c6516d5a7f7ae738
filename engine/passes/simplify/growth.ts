/** Constants of the largest size allowed that one run of the step may add. */
const constantsAllowed = 256;

/** Bytes by which new constants may exceed what they replace. */
export class Growth {
  readonly perConstant: number;
  #left: number;

  constructor(perConstant: number) {
    this.perConstant = perConstant;
    this.#left = perConstant * constantsAllowed;
  }

  /** Whether this many bytes may be added; they are then taken. Nothing and less than nothing always may. */
  take(bytes: number): boolean {
    if (bytes <= 0) return true;
    if (bytes > this.perConstant || bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }
}
