import { cos, sin } from "../numeric/arithmetic.ts";
import type { Random } from "../numeric/random.ts";
import { type Affine, type Canvas, drawPolyline, SIDE } from "./canvas.ts";
import { type Polyline, shapes } from "./shapes.ts";

/** How far a drawing may differ from the ideal glyph. Larger values make the classes harder to tell apart. */
const variation = {
  rotation: 0.35,
  shear: 0.18,
  scale: [7.2, 10.4],
  shift: 1.8,
  wobble: 0.08,
  halfWidth: [0.55, 1.4],
  ink: [0.6, 1],
  occlusion: 0.35,
  strayStroke: 0.3,
  speckles: 20,
} as const;

function randomAffine(random: Random): Affine {
  const angle = random.between(-variation.rotation, variation.rotation);
  const shear = random.between(-variation.shear, variation.shear);
  const sx = random.between(...variation.scale);
  const sy = random.between(...variation.scale);
  const centre = (SIDE - 1) / 2;
  return {
    a: sx * cos(angle),
    b: sy * (shear * cos(angle) - sin(angle)),
    c: sx * sin(angle),
    d: sy * (shear * sin(angle) + cos(angle)),
    tx: centre + random.between(-variation.shift, variation.shift),
    ty: centre + random.between(-variation.shift, variation.shift),
  };
}

/** The unsteady hand: each corner of a line moves a little. */
function wobble(line: Polyline, random: Random): number[] {
  return line.map((value) => value + variation.wobble * random.normal());
}

/** Wipes out a band across the image, as a blot or a scratch would. */
function occlude(canvas: Canvas, random: Random): void {
  const width = random.integer(3, 7);
  const height = random.integer(8, 20);
  const upright = random.chance(0.5);
  const [w, h] = upright ? [width, height] : [height, width];
  const left = random.integer(2, SIDE - 2 - w);
  const top = random.integer(2, SIDE - 2 - h);
  for (let y = top; y < top + h; y++) canvas.fill(0, y * SIDE + left, y * SIDE + left + w);
}

/**
 * Draws one glyph with a random pose, pen, noise and occlusion.
 *
 * @param label index into `shapes`
 * @returns SIDE × SIDE grey values, 0 = paper, 255 = ink
 */
export function drawGlyph(label: number, random: Random): Uint8Array {
  const shape = shapes[label];
  if (shape === undefined) throw new RangeError(`no glyph has the label ${label}`);
  const canvas: Canvas = new Float64Array(SIDE * SIDE);
  const affine = randomAffine(random);
  const halfWidth = random.between(...variation.halfWidth);
  const ink = random.between(...variation.ink);
  for (const stroke of shape.strokes) {
    drawPolyline(canvas, wobble(stroke, random), affine, halfWidth, ink);
  }
  if (random.chance(variation.occlusion)) occlude(canvas, random);
  if (random.chance(variation.strayStroke)) {
    const stray = Array.from({ length: 4 }, () => random.between(-1.3, 1.3));
    drawPolyline(canvas, stray, affine, halfWidth, ink);
  }
  const speckles = random.integer(0, variation.speckles);
  for (let i = 0; i < speckles; i++) {
    canvas[random.integer(0, canvas.length - 1)] = random.between(0, 1);
  }
  return Uint8Array.from(canvas, (value) => Math.floor(value * 255 + 0.5));
}
