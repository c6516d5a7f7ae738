import { EngineError } from "#engine/error.ts";
import type { Column } from "../columns.ts";
import type { Picture } from "./picture.ts";

/** Pixels of all pictures together stay in memory, in bytes. */
const maxBytes = 2 ** 31 - 1;

/** Pictures one after the other: side by side in one array while they have one size, else each for itself. */
export class PixelStore {
  readonly #count: number;
  #first: Picture | undefined;
  #added = 0;
  #bytes = 0;
  /** Room for all pictures, while they are as large as the first. */
  #even: Uint8Array | undefined;
  /** Each for itself, from the first of another size on. */
  #uneven: Picture[] = [];

  /** @param count how many pictures will come */
  constructor(count: number) {
    this.#count = count;
  }

  /** @throws EngineError "limit-exceeded" where all are too many bytes */
  add(picture: Picture, place: string): void {
    const { pixels } = picture;
    this.#bytes += pixels.length;
    if (this.#bytes > maxBytes) {
      throw new EngineError(
        "limit-exceeded",
        `The pictures have more than ${maxBytes} bytes of pixels; make them smaller before they are packed`,
        place,
      );
    }
    if (this.#first === undefined) {
      this.#first = { ...picture, pixels: new Uint8Array() };
      if (pixels.length * this.#count <= maxBytes) this.#even = new Uint8Array(pixels.length * this.#count);
    }
    const { height, width } = this.#first;
    if (this.#even !== undefined && (picture.height !== height || picture.width !== width)) {
      this.#uneven = this.#separate(this.#even, this.#first);
      this.#even = undefined;
    }
    if (this.#even === undefined) this.#uneven.push(picture);
    else this.#even.set(pixels, this.#added * pixels.length);
    this.#added++;
  }

  #separate(even: Uint8Array, form: Picture): Picture[] {
    const size = form.height * form.width * form.channels;
    return Array.from({ length: this.#added }, (_, at) => ({
      ...form,
      pixels: even.subarray(at * size, (at + 1) * size),
    }));
  }

  column(): Column {
    if (this.#first === undefined) throw new EngineError("data-mismatch", "There are no pictures");
    if (this.#even === undefined) return { kind: "pictures", values: this.#uneven };
    const { height, width, channels } = this.#first;
    return { kind: "array", itemShape: [height, width, channels], values: this.#even };
  }
}
