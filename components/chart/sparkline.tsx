import styles from "./sparkline.module.css";

export interface SparklineProps {
  /** In order; at least two. */
  readonly values: readonly number[];
  readonly label: string;
  readonly width?: number;
  readonly height?: number;
}

/** The course of a value at a glance, without axes: the numbers stand beside it. */
export function Sparkline({ values, label, width = 120, height = 28 }: SparklineProps) {
  if (values.length < 2) return null;
  const low = Math.min(...values);
  const extent = Math.max(...values) - low || 1;
  const x = (index: number) => 2 + (index / (values.length - 1)) * (width - 6);
  const y = (value: number) => height - 3 - ((value - low) / extent) * (height - 6);
  const points = values.map((value, index) => `${x(index).toFixed(1)},${y(value).toFixed(1)}`);
  return (
    <svg
      className={styles.line}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
    >
      <polyline
        points={points.join(" ")}
        fill="none"
        stroke="currentColor"
        strokeWidth={1.5}
        strokeLinejoin="round"
      />
      <circle cx={x(values.length - 1)} cy={y(values.at(-1) ?? low)} r={2.2} fill="currentColor" />
    </svg>
  );
}
