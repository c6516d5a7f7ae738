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

const bilinear: Converter = (site) => {
  const { alignCorners, halfPixelCenters } = site.options(optionTables.resizeBilinear);
  const [height, width] = sizes(site);
  const mode = alignCorners !== 0 ? "align_corners" : halfPixelCenters !== 0 ? "half_pixel" : "asymmetric";
  const target = site.ints(`size_${height}x${width}`, [height, width]);
  const value = site.node("Resize", [channelsFirst(site, site.input(0)), "", "", target], {
    axes: [2, 3],
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
    const target = site.ints(`size_${height}x${width}`, [height, width]);
    const value = site.node("Resize", [channelsFirst(site, from), "", "", target], {
      axes: [2, 3],
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
