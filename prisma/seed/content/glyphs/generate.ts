import { randomStream } from "../numeric/random.ts";
import { SIDE } from "./canvas.ts";
import { drawGlyph } from "./draw.ts";
import { shapes } from "./shapes.ts";

export const GLYPHS_SEED = 28_280;

/** Images per split. */
export const glyphSplits = { train: 12_000, tuning: 1_000, calibration: 300, test: 2_500 } as const;
export type GlyphSplit = keyof typeof glyphSplits;

export interface GlyphSet {
  /** [count, SIDE, SIDE] */
  images: Uint8Array;
  /** [count] */
  labels: Uint8Array;
}

/** Draws one split. Each has a stream of its own, so that the size of one never changes another. */
export function generateGlyphs(split: GlyphSplit): GlyphSet {
  const names = Object.keys(glyphSplits);
  const random = randomStream(GLYPHS_SEED + names.indexOf(split));
  const count = glyphSplits[split];
  const images = new Uint8Array(count * SIDE * SIDE);
  const labels = new Uint8Array(count);
  for (let i = 0; i < count; i++) {
    const label = random.integer(0, shapes.length - 1);
    labels[i] = label;
    images.set(drawGlyph(label, random), i * SIDE * SIDE);
  }
  return { images, labels };
}
