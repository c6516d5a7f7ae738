import type { ClassRow } from "./class-rows.ts";
import styles from "./classes.module.css";

/** How far a class's bar or interval reaches from zero. */
export function reachOf({ change: { value, low, high } }: ClassRow): number {
  return Math.max(Math.abs(value), Math.abs(low ?? 0), Math.abs(high ?? 0));
}

/** A change as a bar from zero, with its interval as a line. The number stands beside it. */
export function ClassBar({ row: { change }, most }: { row: ClassRow; most: number }) {
  const { value, low, high, finding } = change;
  const at = (part: number) => `${50 + (part / most) * 49}%`;
  const between = (from: number, to: number) => ({
    left: at(Math.min(from, to)),
    width: `${(Math.abs(to - from) / most) * 49}%`,
  });
  return (
    <span className={styles.track} data-finding={finding} aria-hidden>
      <span className={styles.fill} style={between(0, value)} />
      {low !== null && high !== null && <span className={styles.range} style={between(low, high)} />}
    </span>
  );
}
