import { EngineError } from "#engine/error.ts";
import type { Column } from "../columns.ts";
import type { Picture } from "./picture.ts";

/** Pixels of all pictures together stay in memory, in bytes. */
const maxBytes = 2 ** 31 - 1;

/** Pictures one after the other: side by side in one array while they have one size, else each for itself. */
export class PixelStore {
  readonly #count: number;
  readonly #pictures: Picture[] = [];
  /** Room for all pictures, if they are as large as the first. */
  #even: Uint8Array | undefined;
  #bytes = 0;

  /** @param count how many pictures will come */
  constructor(count: number) {
    this.#count = count;
  }

  /** @throws EngineError "limit-exceeded" where all are too many bytes */
  add(picture: Picture, place: string): void {
    const { height, width, channels, pixels } = picture;
    this.#bytes += pixels.length;
    if (this.#bytes > maxBytes) {
      throw new EngineError(
        "limit-exceeded",
        `The pictures have more than ${maxBytes} bytes of pixels; make them smaller before they are packed`,
        place,
      );
    }
    const [first] = this.#pictures;
    if (first === undefined && pixels.length * this.#count <= maxBytes) {
      this.#even = new Uint8Array(pixels.length * this.#count);
    } else if (first !== undefined && (height !== first.height || width !== first.width)) {
      this.#even = undefined;
    }
    const start = this.#pictures.length * pixels.length;
    const kept = this.#even?.subarray(start, start + pixels.length) ?? pixels;
    if (kept !== pixels) kept.set(pixels);
    this.#pictures.push({ height, width, channels, pixels: kept });
  }

  column(): Column {
    const [first] = this.#pictures;
    if (first === undefined) throw new EngineError("data-mismatch", "There are no pictures");
    if (this.#even === undefined) return { kind: "pictures", values: this.#pictures };
    return { kind: "array", itemShape: [first.height, first.width, first.channels], values: this.#even };
  }
}
