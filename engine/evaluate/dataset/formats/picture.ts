import { EngineError } from "#engine/error.ts";

/** Larger pictures would have to be reduced before they are of use to any model here. */
export const maxPixels = 64_000_000;

/** A decoded picture: rows from the top, channels of a pixel side by side, 0 to 255. */
export interface Picture {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly pixels: Uint8Array;
}

/** Refuses a picture before memory is taken for its pixels. */
export function checkSize(width: number, height: number, place: string): void {
  if (width < 1 || height < 1) throw new EngineError("malformed", "The picture has no pixels", place);
  if (width * height > maxPixels) {
    throw new EngineError(
      "limit-exceeded",
      `The picture has ${width} × ${height} pixels; at most ${maxPixels} are read`,
      place,
    );
  }
}

/**
 * The picture in grey or in colour. Grey is 0.299 R + 0.587 G + 0.114 B, rounded (ITU-R BT.601-7, section 2.5.1); a grey
 * picture in colour has three equal channels.
 */
export function withChannels(picture: Picture, channels: 1 | 3): Picture {
  if (picture.channels === channels) return picture;
  const { width, height } = picture;
  const count = width * height;
  const pixels = new Uint8Array(count * channels);
  const from = picture.pixels;
  for (let index = 0; index < count; index++) {
    if (channels === 3) pixels.fill(from[index]!, 3 * index, 3 * index + 3);
    else {
      const [red, green, blue] = [from[3 * index]!, from[3 * index + 1]!, from[3 * index + 2]!];
      pixels[index] = Math.round(0.299 * red + 0.587 * green + 0.114 * blue);
    }
  }
  return { width, height, channels, pixels };
}
