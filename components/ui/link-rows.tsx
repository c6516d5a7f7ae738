import { IconChevronRight } from "@tabler/icons-react";
import Link from "next/link";
import type { ReactNode } from "react";
import styles from "./link-rows.module.css";

/** A list of places to go to; stands in a flush panel. */
export function LinkRows({ children }: { children: ReactNode }) {
  return <ul className={styles.rows}>{children}</ul>;
}

export interface LinkRowProps {
  readonly href: string;
  readonly icon?: ReactNode;
  readonly title: string;
  readonly text?: ReactNode;
  /** One or two facts at the end of the row. */
  readonly aside?: ReactNode;
}

export function LinkRow({ href, icon, title, text, aside }: LinkRowProps) {
  return (
    <li>
      <Link href={href} className={styles.row}>
        {icon !== undefined && (
          <span className={styles.icon} aria-hidden>
            {icon}
          </span>
        )}
        <span className={styles.words}>
          <span className={styles.title}>{title}</span>
          {text && <span className={styles.text}>{text}</span>}
        </span>
        {aside !== undefined && <span className={styles.aside}>{aside}</span>}
        <IconChevronRight className={styles.arrow} size={16} aria-hidden />
      </Link>
    </li>
  );
}
