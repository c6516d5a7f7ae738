import type { ReactNode } from "react";
import { TextLink } from "./links.tsx";
import { Panel } from "./panel.tsx";
import { TimeAgo } from "./time-ago.tsx";
import styles from "./version-list.module.css";

export interface VersionItem {
  readonly id: string;
  readonly number: number;
  /** Its number in words. */
  readonly name: string;
  /** The fact that tells it from the others. */
  readonly fact?: ReactNode;
  /** In quiet words beside it. */
  readonly hint?: ReactNode;
  /** In a line of its own. */
  readonly note?: ReactNode;
  readonly at: Date;
}

export interface VersionListProps {
  readonly title: string;
  /** How many there are, in words. */
  readonly count: string;
  /** The newest first. */
  readonly versions: readonly VersionItem[];
  /** Number of the version that the page shows. */
  readonly current: number;
  /** Address of the thing, to which a version's number is added. */
  readonly base: string;
}

/** All versions of a thing beside the one that is open. */
export function VersionList({ title, count, versions, current, base }: VersionListProps) {
  return (
    <Panel title={title} hint={count} flush>
      <ul className={styles.list}>
        {versions.map(({ id, number, name, fact, hint, note, at }) => (
          <li key={id} data-current={number === current || undefined}>
            <TextLink
              href={`${base}/${number}`}
              fw={600}
              aria-current={number === current ? "page" : undefined}
            >
              {name}
            </TextLink>
            {fact !== undefined && <span>{fact}</span>}
            {hint !== undefined && <span className={styles.quiet}>{hint}</span>}
            <span className={styles.when}>
              <TimeAgo at={at} />
            </span>
            {note !== undefined && <span className={styles.note}>{note}</span>}
          </li>
        ))}
      </ul>
    </Panel>
  );
}
