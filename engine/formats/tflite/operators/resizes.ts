import type { LiteTensor } from "../reader/lite-model.ts";
import { optionTables } from "../reader/options.ts";
import type { Site } from "../writer/site.ts";
import type { Converter } from "./converter.ts";
import { moveValues } from "./converter.ts";
import { nearestIndices } from "./nearest.ts";
import { channelsFirst, storeImage } from "./windows.ts";

const largest = 65_536;

/** The size that the image gets; a computed one is refused. */
function sizes(site: Site): [height: number, width: number] {
  const [height = 0, width = 0] = site.wholes(1, "size");
  // Indices are listed below, and no image is that large.
  if (Math.min(height, width) < 1 || Math.max(height, width) > largest)
    site.refuse(`to ${height} × ${width}`);
  return [height, width];
}

/**
 * Factors of [batch, channels, height, width]. Sizes cannot be given, because that of the batch may be open, and ONNX
 * Runtime 1.30 breaks a Resize of some axes when it moves a Transpose over it. A result has ⌊size · factor⌋ pixels: the
 * factor is the least float32 from the quotient on that gives them.
 */
function scales(site: Site, from: LiteTensor, to: readonly [number, number]): string {
  const factors = to.map((size, item) => {
    const pixels = from.shape[item + 1] ?? 1;
    const quotient = Float32Array.of(size / pixels);
    const bits = new Uint32Array(quotient.buffer);
    while (Math.floor(Math.fround((quotient[0] ?? 1) * pixels)) < size) bits[0] = (bits[0] ?? 0) + 1;
    return quotient[0] ?? 1;
  });
  const name = `${site.writer.name(site.output())}/scales`;
  return site.writer.constant(name, "float32", [4], Float32Array.of(1, 1, ...factors));
}

const bilinear: Converter = (site) => {
  const { alignCorners, halfPixelCenters } = site.options(optionTables.resizeBilinear);
  const [height, width] = sizes(site);
  const mode = alignCorners !== 0 ? "align_corners" : halfPixelCenters !== 0 ? "half_pixel" : "asymmetric";
  const from = site.input(0);
  site.rank(from, 4);
  const value = site.node("Resize", [channelsFirst(site, from), "", scales(site, from, [height, width])], {
    mode: { text: "linear" },
    coordinate_transformation_mode: { text: mode },
  });
  storeImage(site, site.output(), value);
};

/**
 * A whole number of copies of each pixel is a Resize; everything else gathers rows and columns by index, because the
 * rounding of TensorFlow Lite is none of ONNX's.
 */
const nearest: Converter = (site) => {
  const { alignCorners, halfPixelCenters } = site.options(optionTables.resize);
  const [from, to] = [site.input(0), site.output()];
  site.rank(from, 4);
  const [height, width] = sizes(site);
  const [, fromHeight = 0, fromWidth = 0] = from.shape;
  const grids = [
    { from: fromHeight, to: height },
    { from: fromWidth, to: width },
  ];
  if (alignCorners === 0 && grids.every((grid) => grid.to % grid.from === 0)) {
    const value = site.node("Resize", [channelsFirst(site, from), "", scales(site, from, [height, width])], {
      mode: { text: "nearest" },
      coordinate_transformation_mode: { text: "asymmetric" },
      nearest_mode: { text: "floor" },
    });
    storeImage(site, to, value);
    return;
  }
  const flags = { isAligned: alignCorners !== 0, isHalf: halfPixelCenters !== 0 };
  moveValues(site, from, to, (value) => {
    let result = value;
    for (const [item, grid] of grids.entries()) {
      const name = `${site.writer.name(to)}/${item === 0 ? "rows" : "columns"}`;
      const indices = site.ints(name, nearestIndices({ ...grid, ...flags }));
      result = site.node("Gather", [result, indices], { axis: item + 1 });
    }
    return result;
  });
};

export const resizes = {
  RESIZE_BILINEAR: bilinear,
  RESIZE_NEAREST_NEIGHBOR: nearest,
} satisfies Record<string, Converter>;
