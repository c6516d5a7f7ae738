import type { ReactNode } from "react";
import styles from "./columns.module.css";

/** The main column and a narrow one beside it, under it where there is no room. Panels stack in both. */
export function Columns({ children, side }: { children: ReactNode; side: ReactNode }) {
  return (
    <div className={styles.columns}>
      <div className={styles.main}>{children}</div>
      <div className={styles.side}>{side}</div>
    </div>
  );
}
