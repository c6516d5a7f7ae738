import { type ReactNode, useId } from "react";
import styles from "./panel.module.css";

export interface PanelProps {
  readonly title?: ReactNode;
  /** Small words beside the title: what the panel shows, how many. */
  readonly hint?: ReactNode;
  readonly actions?: ReactNode;
  /** No padding: for tables and lists that reach the edge. */
  readonly flush?: boolean;
  readonly children: ReactNode;
}

/** A bordered area of a page with an optional title; the unit from which pages are made. */
export function Panel({ title, hint, actions, flush, children }: PanelProps) {
  const id = useId();
  const hasHead = title !== undefined || actions !== undefined;
  return (
    <section className={styles.panel} aria-labelledby={title === undefined ? undefined : id}>
      {hasHead && (
        <div className={styles.head}>
          {title !== undefined && (
            <h2 className={styles.title} id={id}>
              {title}
            </h2>
          )}
          {hint !== undefined && <span className={styles.hint}>{hint}</span>}
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </div>
      )}
      <div className={flush ? styles.flush : styles.body}>{children}</div>
    </section>
  );
}
