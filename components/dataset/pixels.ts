import type { SampleImage } from "#engine/evaluate/dataset/summary.schema.ts";

/**
 * A sample's grey or RGB bytes as opaque RGBA, `width · height · 4` bytes. Bytes that are missing are black, so that
 * a picture that was cut is seen as such.
 */
export function rgbaOf({ width, height, channels, pixels }: SampleImage): Uint8ClampedArray<ArrayBuffer> {
  const bytes = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  const rgba = new Uint8ClampedArray(width * height * 4);
  for (let pixel = 0; pixel < width * height; pixel++) {
    const from = pixel * channels;
    for (let channel = 0; channel < 3; channel++) {
      rgba[pixel * 4 + channel] = bytes[channels === 1 ? from : from + channel] ?? 0;
    }
    rgba[pixel * 4 + 3] = 255;
  }
  return rgba;
}
