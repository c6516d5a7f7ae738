import type { ReactNode } from "react";
import styles from "./card.module.css";

export interface EntranceCardProps {
  readonly title: string;
  readonly text?: ReactNode;
  /** The other way in, under the card. */
  readonly foot?: ReactNode;
  readonly children: ReactNode;
}

/** The one card of a page at the entrance. */
export function EntranceCard({ title, text, foot, children }: EntranceCardProps) {
  return (
    <>
      <div className={styles.card}>
        <h1 className={styles.title}>{title}</h1>
        {text !== undefined && <p className={styles.text}>{text}</p>}
        {children}
      </div>
      {foot !== undefined && <p className={styles.foot}>{foot}</p>}
    </>
  );
}
