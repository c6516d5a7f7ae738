import { EngineError } from "#engine/error.ts";
import type { ManifestInput } from "./manifest.schema.ts";

type Resize = NonNullable<ManifestInput["resize"]>;
type Crop = NonNullable<ManifestInput["crop"]>;

export interface ImageSize {
  readonly height: number;
  readonly width: number;
}

/** Values of an image by place; the layout is the caller's. */
export type PixelAt = (y: number, x: number, channel: number) => number;

/**
 * The size that an image gets by `resize`. With `shorter` the longer side is rounded to the nearest whole number.
 */
export function resizedSize({ height, width }: ImageSize, resize: Resize | undefined): ImageSize {
  if (resize === undefined) return { height, width };
  const { shorter } = resize;
  if (shorter === undefined) return { height: resize.height ?? height, width: resize.width ?? width };
  const factor = shorter / Math.min(height, width);
  return { height: Math.round(height * factor), width: Math.round(width * factor) };
}

/** The size that is left after `resize` and `crop`, or undefined where it depends on the image. */
export function finalSize(resize: Resize | undefined, crop: Crop | undefined): ImageSize | undefined {
  if (crop !== undefined) return crop;
  return resize?.height === undefined || resize.width === undefined
    ? undefined
    : { height: resize.height, width: resize.width };
}

/** Where a line of the result takes its value from: two neighbours and the share of the second. */
interface Tap {
  readonly low: number;
  readonly high: number;
  readonly share: number;
}

/**
 * Resizes, then cuts out of the centre, and hands over every value of the result.
 *
 * Half-pixel centres: x of the result lies at (x + 0.5) · from / to − 0.5 of the image; beyond its edge counts the edge.
 * `bilinear` weighs the two neighbours along each axis, `nearest` takes the nearer and of two equally near ones the first
 * (ONNX operator Resize, coordinate_transformation_mode half_pixel, nearest_mode round_prefer_floor). The crop begins at
 * ⌊(size − crop) / 2⌋.
 *
 * @throws EngineError "data-mismatch" where the image is smaller than the crop
 */
export function resample(
  from: ImageSize,
  channels: number,
  resize: Resize | undefined,
  crop: Crop | undefined,
  at: PixelAt,
  give: (y: number, x: number, channel: number, value: number) => void,
): void {
  const size = resizedSize(from, resize);
  const final = crop ?? size;
  if (final.height > size.height || final.width > size.width) {
    throw new EngineError(
      "data-mismatch",
      `An image of ${size.height} × ${size.width} is smaller than the crop of ${final.height} × ${final.width}`,
    );
  }
  const isNearest = resize?.method === "nearest";
  const rows = tapsOf(from.height, size.height, final.height, isNearest);
  const columns = tapsOf(from.width, size.width, final.width, isNearest);
  for (const [y, row] of rows.entries()) {
    for (const [x, column] of columns.entries()) {
      for (let channel = 0; channel < channels; channel++) {
        const above = mix(at(row.low, column.low, channel), at(row.low, column.high, channel), column.share);
        const below = mix(
          at(row.high, column.low, channel),
          at(row.high, column.high, channel),
          column.share,
        );
        give(y, x, channel, mix(above, below, row.share));
      }
    }
  }
}

/** Exactly the first where the second has no share. */
function mix(one: number, other: number, share: number): number {
  return share === 0 ? one : one * (1 - share) + other * share;
}

function tapsOf(from: number, to: number, cropped: number, isNearest: boolean): Tap[] {
  const offset = Math.floor((to - cropped) / 2);
  return Array.from({ length: cropped }, (_, index) => {
    const place = Math.min(Math.max(((index + offset + 0.5) * from) / to - 0.5, 0), from - 1);
    if (isNearest) {
      const near = Math.ceil(place - 0.5);
      return { low: near, high: near, share: 0 };
    }
    const low = Math.floor(place);
    return { low, high: Math.min(low + 1, from - 1), share: place - low };
  });
}
