import type { ReactNode } from "react";
import styles from "./empty-state.module.css";

export interface EmptyStateProps {
  readonly icon?: ReactNode;
  readonly title: string;
  /** True where the state is the whole page, so that its title is the page's. */
  readonly isPage?: boolean;
  /** What this room is for, in one or two sentences. */
  readonly children: ReactNode;
  /** One action, and perhaps a link to an example. */
  readonly actions?: ReactNode;
}

/** An empty room as an invitation: what it is for and the one thing to do first. */
export function EmptyState({ icon, title, isPage, children, actions }: EmptyStateProps) {
  const Heading = isPage ? "h1" : "h2";
  return (
    <div className={styles.empty}>
      {icon !== undefined && (
        <span className={styles.icon} aria-hidden>
          {icon}
        </span>
      )}
      <Heading className={styles.title}>{title}</Heading>
      <div className={styles.text}>{children}</div>
      {actions !== undefined && <div className={styles.actions}>{actions}</div>}
    </div>
  );
}
