import Link from "next/link";
import styles from "./row-name.module.css";

export interface RowNameProps {
  readonly href: string;
  readonly name: string;
  /** One quiet line under the name; nothing for "". */
  readonly under: string;
}

/** What names a row of a table: a link, and what it is for. */
export function RowName({ href, name, under }: RowNameProps) {
  return (
    <>
      <Link className={styles.name} href={href}>
        {name}
      </Link>
      {under !== "" && <span className={styles.under}>{under}</span>}
    </>
  );
}
