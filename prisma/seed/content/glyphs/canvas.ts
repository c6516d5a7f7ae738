import type { Polyline } from "./shapes.ts";

/** Width and height of a glyph image in pixels. */
export const SIDE = 28;

/** A grey image, row major, SIDE × SIDE values of 0 to 1. */
export type Canvas = Float64Array;

/** x′ = a·x + b·y + tx, y′ = c·x + d·y + ty. */
export interface Affine {
  a: number;
  b: number;
  c: number;
  d: number;
  tx: number;
  ty: number;
}

/**
 * Draws a polyline with round caps and joins. The edge is anti-aliased by coverage: the distance of a pixel's
 * centre from the stroke's edge, clamped to one pixel.
 *
 * @param halfWidth half the stroke's width in pixels
 * @param ink 0 to 1
 */
export function drawPolyline(
  canvas: Canvas,
  line: Polyline,
  affine: Affine,
  halfWidth: number,
  ink: number,
): void {
  const px = (i: number) => affine.a * line[i]! + affine.b * line[i + 1]! + affine.tx;
  const py = (i: number) => affine.c * line[i]! + affine.d * line[i + 1]! + affine.ty;
  for (let i = 0; i + 3 < line.length; i += 2) {
    drawSegment(canvas, px(i), py(i), px(i + 2), py(i + 2), halfWidth, ink);
  }
}

function drawSegment(
  canvas: Canvas,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  halfWidth: number,
  ink: number,
): void {
  const reach = halfWidth + 1;
  const left = Math.max(0, Math.floor(Math.min(x0, x1) - reach));
  const right = Math.min(SIDE - 1, Math.ceil(Math.max(x0, x1) + reach));
  const top = Math.max(0, Math.floor(Math.min(y0, y1) - reach));
  const bottom = Math.min(SIDE - 1, Math.ceil(Math.max(y0, y1) + reach));
  const dx = x1 - x0;
  const dy = y1 - y0;
  const lengthSquared = dx * dx + dy * dy;
  for (let y = top; y <= bottom; y++) {
    for (let x = left; x <= right; x++) {
      const along = lengthSquared === 0 ? 0 : ((x - x0) * dx + (y - y0) * dy) / lengthSquared;
      const t = Math.min(1, Math.max(0, along));
      const ex = x - x0 - t * dx;
      const ey = y - y0 - t * dy;
      const coverage = Math.min(1, halfWidth + 0.5 - Math.sqrt(ex * ex + ey * ey));
      const at = y * SIDE + x;
      if (coverage > 0 && coverage * ink > canvas[at]!) canvas[at] = coverage * ink;
    }
  }
}
