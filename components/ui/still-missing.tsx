import type { ReactNode } from "react";
import styles from "./still-missing.module.css";

export interface StillMissingProps {
  /** The button names it as its description. */
  readonly id: string;
  readonly title: string;
  /** What keeps the button from working, each in words of its own. */
  readonly missing: readonly string[];
  /** What is said where nothing is missing. */
  readonly children: ReactNode;
}

/** Under a button that does not work yet: what is still missing. */
export function StillMissing({ id, title, missing, children }: StillMissingProps) {
  return (
    <div id={id} className={styles.missing} role="status">
      {missing.length > 0 ? (
        <>
          {title}
          <ul>
            {missing.map((words) => (
              <li key={words}>{words}</li>
            ))}
          </ul>
        </>
      ) : (
        children
      )}
    </div>
  );
}
