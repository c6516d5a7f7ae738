import type { ReactNode } from "react";
import styles from "./bar-table.module.css";

export interface BarRow {
  readonly key: string;
  readonly label: ReactNode;
  /** Not negative: bars start at zero. */
  readonly value: number;
  readonly text: string;
}

export interface BarTableProps {
  readonly label: string;
  readonly nameHeader: string;
  readonly valueHeader: string;
  readonly rows: readonly BarRow[];
  /** Value of a full bar; that of the longest where it is absent. */
  readonly full?: number;
}

/** Bars that are a table too: the name, a bar from zero, the number. */
export function BarTable({ label, nameHeader, valueHeader, rows, full }: BarTableProps) {
  const whole = full ?? Math.max(...rows.map((row) => row.value), 0);
  return (
    <table className={styles.table} aria-label={label}>
      <thead className={styles.head}>
        <tr>
          <th scope="col">{nameHeader}</th>
          <th scope="col">{valueHeader}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key}>
            <th scope="row">{row.label}</th>
            <td>
              <span className={styles.track} aria-hidden>
                <span
                  className={styles.bar}
                  style={{ width: `${whole === 0 ? 0 : (100 * row.value) / whole}%` }}
                />
              </span>
              <span className={styles.number}>{row.text}</span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
