import { cos, sin } from "../numeric/arithmetic.ts";

const TURN = 2 * Math.PI;

/** Points x₀, y₀, x₁, y₁, … in the unit box [−1, 1]², y downward. */
export type Polyline = readonly number[];

/** An arc as a polyline; angles in turns, clockwise from the positive x axis. */
function arc(cx: number, cy: number, rx: number, ry: number, from: number, to: number, steps = 14): number[] {
  const points: number[] = [];
  for (let i = 0; i <= steps; i++) {
    const angle = (from + ((to - from) * i) / steps) * TURN;
    points.push(cx + rx * cos(angle), cy + ry * sin(angle));
  }
  return points;
}

function star(): number[] {
  const points: number[] = [];
  for (let i = 0; i <= 10; i++) {
    const radius = i % 2 === 0 ? 1 : 0.42;
    const angle = (i / 10 - 0.25) * TURN;
    points.push(radius * cos(angle), radius * sin(angle));
  }
  return points;
}

function wave(y: number): number[] {
  const points: number[] = [];
  for (let i = 0; i <= 16; i++) points.push(-1 + i / 8, y + 0.3 * sin((i / 16) * 2 * TURN));
  return points;
}

/** The classes in the order of their labels, each as the strokes of its glyph. */
export const shapes: readonly { name: string; strokes: readonly Polyline[] }[] = [
  {
    name: "arrow",
    strokes: [
      [0, 0.95, 0, -0.95],
      [-0.6, -0.3, 0, -0.95, 0.6, -0.3],
    ],
  },
  { name: "bolt", strokes: [[0.3, -1, -0.5, 0.15, 0.4, 0, -0.3, 1]] },
  {
    name: "cup",
    strokes: [
      [-0.75, -0.7, -0.6, 0.75, 0.4, 0.75, 0.55, -0.7, -0.75, -0.7],
      arc(0.5, 0, 0.45, 0.4, -0.22, 0.25, 8),
    ],
  },
  { name: "drop", strokes: [[...arc(0, 0.35, 0.62, 0.6, -0.05, 0.55), 0, -1, 0.59, 0.17]] },
  {
    name: "heart",
    strokes: [
      [
        0,
        0.95,
        -0.85,
        0,
        ...arc(-0.45, -0.38, 0.45, 0.45, 0.4, 1, 8),
        ...arc(0.45, -0.38, 0.45, 0.45, 0.5, 1.1, 8),
        0,
        0.95,
      ],
    ],
  },
  {
    name: "house",
    strokes: [
      [-0.95, -0.05, 0, -0.95, 0.95, -0.05],
      [-0.68, -0.25, -0.68, 0.9, 0.68, 0.9, 0.68, -0.25],
    ],
  },
  {
    name: "leaf",
    strokes: [
      [
        ...arc(0.45, 0.15, 1.1, 1.05, 0.49, 0.76, 10),
        ...arc(-0.55, -0.6, 1.1, 1.1, -0.05, 0.27, 10),
        -0.65,
        0.2,
      ],
      [-0.9, 0.95, 0.4, -0.45],
    ],
  },
  {
    name: "moon",
    strokes: [
      [...arc(0, 0, 0.92, 0.92, 0.12, 0.88, 16), ...arc(0.42, 0, 0.62, 0.7, 0.8, 0.2, 12), 0.67, 0.63],
    ],
  },
  { name: "star", strokes: [star()] },
  { name: "wave", strokes: [wave(-0.4), wave(0.4)] },
];
