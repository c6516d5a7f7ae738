import type { ReactNode } from "react";
import styles from "./guide.module.css";

/** Inner area of every picture, in its own units. */
export const area = { left: 46, top: 14, width: 300, height: 150 } as const;
const size = { width: 360, height: 206 } as const;

export interface Axis {
  readonly min: number;
  readonly max: number;
  readonly ticks: readonly { readonly at: number; readonly text: string }[];
  readonly name: string;
}

export const placeX = (axis: Pick<Axis, "min" | "max">, value: number) =>
  area.left + ((value - axis.min) / (axis.max - axis.min)) * area.width;
export const placeY = (axis: Pick<Axis, "min" | "max">, value: number) =>
  area.top + (1 - (value - axis.min) / (axis.max - axis.min)) * area.height;

/** A formula as an SVG path. */
export function pathOf(x: Axis, y: Axis, of: (value: number) => number, points = 160): string {
  return Array.from({ length: points + 1 }, (_, at) => {
    const value = x.min + ((x.max - x.min) * at) / points;
    return `${at === 0 ? "M" : "L"}${placeX(x, value).toFixed(1)} ${placeY(y, of(value)).toFixed(1)}`;
  }).join("");
}

export interface PlotProps {
  /** What is to be seen, in a sentence: the picture for whoever does not see it. */
  readonly label: string;
  readonly x?: Axis;
  readonly y?: Axis;
  readonly children: ReactNode;
}

/** A small picture with axes. */
export function Plot({ label, x, y, children }: PlotProps) {
  const bottom = area.top + area.height;
  return (
    <svg className={styles.plot} viewBox={`0 0 ${size.width} ${size.height}`} role="img" aria-label={label}>
      {y?.ticks.map(({ at, text }) => (
        <g key={text}>
          <line
            className={styles.grid}
            x1={area.left}
            x2={area.left + area.width}
            y1={placeY(y, at)}
            y2={placeY(y, at)}
          />
          <text className={styles.tick} x={area.left - 6} y={placeY(y, at) + 4} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {x && (
        <line className={styles.axis} x1={area.left} x2={area.left + area.width} y1={bottom} y2={bottom} />
      )}
      {x?.ticks.map(({ at, text }) => (
        <text key={text} className={styles.tick} x={placeX(x, at)} y={bottom + 16} textAnchor="middle">
          {text}
        </text>
      ))}
      {x && (
        <text className={styles.tick} x={area.left + area.width / 2} y={bottom + 34} textAnchor="middle">
          {x.name}
        </text>
      )}
      {children}
    </svg>
  );
}
