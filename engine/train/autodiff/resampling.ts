import type { Site } from "./rule.ts";

/** What Resize does along one axis: out = values [rows, columns] · in. */
export interface AxisWeights {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  /** Where every value is repeated so many times in a row. */
  readonly block: number | undefined;
}

/**
 * Coordinates and weights as the specification of ONNX's Resize defines them.
 *
 * @throws EngineError "not-differentiable" for cubic interpolation, antialiasing, cropping and kept aspect ratios
 */
export function axisWeights(site: Site, axis: number, from: number, to: number): AxisWeights {
  const mode = site.text("mode", "nearest");
  if (mode !== "nearest" && mode !== "linear") throw site.refusal(`mode ${mode}`);
  if (site.int("antialias", 0) !== 0) throw site.refusal("antialias");
  if (site.text("keep_aspect_ratio_policy", "stretch") !== "stretch")
    throw site.refusal("keep_aspect_ratio_policy");
  const scale = scaleOf(site, axis) ?? to / from;
  const values = new Float32Array(to * from);
  const nearest = nearestOf(site);
  const places = Array.from({ length: to }, (_, at) => coordinate(site, at, from, to, scale));
  const clamped = (place: number) => Math.min(Math.max(place, 0), from - 1);
  if (mode === "linear") {
    places.forEach((place, at) => {
      const inside = clamped(place);
      const low = Math.floor(inside);
      const share = inside - low;
      values[at * from + low] = 1 - share;
      if (share > 0) values[at * from + low + 1] = share;
    });
    return { rows: to, columns: from, values, block: undefined };
  }
  const chosen = places.map((place) => clamped(nearest(place)));
  chosen.forEach((place, at) => {
    values[at * from + place] = 1;
  });
  const size = to / from;
  const isBlock = Number.isInteger(size) && chosen.every((place, at) => place === Math.floor(at / size));
  return { rows: to, columns: from, values, block: isBlock ? size : undefined };
}

function scaleOf(site: Site, axis: number): number | undefined {
  const scales = site.constants(2);
  if (scales === undefined || scales.length === 0) return undefined;
  const rank = site.input(0).dims.length;
  const axes = (site.ints("axes") ?? scales.map((_, at) => at)).map((at) => (at < 0 ? at + rank : at));
  return scales[axes.indexOf(axis)];
}

/** The place in the input that a place in the output is taken from. */
function coordinate(site: Site, at: number, from: number, to: number, scale: number): number {
  const mode = site.text("coordinate_transformation_mode", "half_pixel");
  const middle = (at + 0.5) / scale - 0.5;
  switch (mode) {
    case "half_pixel":
      return middle;
    case "pytorch_half_pixel":
      return to > 1 ? middle : 0;
    case "half_pixel_symmetric":
      return (from / 2) * (1 - to / (scale * from)) + middle;
    case "asymmetric":
      return at / scale;
    case "align_corners":
      return to > 1 ? (at * (from - 1)) / (to - 1) : 0;
    default:
      throw site.refusal(`coordinate_transformation_mode ${mode}`);
  }
}

function nearestOf(site: Site): (place: number) => number {
  const mode = site.text("nearest_mode", "round_prefer_floor");
  switch (mode) {
    case "round_prefer_floor":
      return (place) => Math.ceil(place - 0.5);
    case "round_prefer_ceil":
      return (place) => Math.floor(place + 0.5);
    case "floor":
      return Math.floor;
    case "ceil":
      return Math.ceil;
    default:
      throw site.refusal(`nearest_mode ${mode}`);
  }
}
