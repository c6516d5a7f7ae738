"use client";

import { useTranslations } from "next-intl";
import { useMemo } from "react";
import { lineDiff } from "./line-diff.ts";
import styles from "./note.module.css";

const marks = { same: "", removed: "−", added: "+" } as const;

export interface DiffViewProps {
  readonly label: string;
  readonly before: string;
  readonly after: string;
}

/** Two texts as one list of lines, with what went and what came marked by sign and colour. */
export function DiffView({ label, before, after }: DiffViewProps) {
  const t = useTranslations("note.history");
  const lines = useMemo(
    // A text is not changed while it is compared: the line's place is its key.
    () => lineDiff(before, after).map((line, index) => ({ ...line, key: index })),
    [before, after],
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section className={styles.diff} aria-label={label} tabIndex={0}>
      {lines.map((line) => (
        <div key={line.key} className={styles.line} data-kind={line.kind}>
          <span aria-hidden>{marks[line.kind]}</span>
          <span>
            {line.kind !== "same" && <span className="visually-hidden">{t(line.kind)}: </span>}
            {line.text}
          </span>
        </div>
      ))}
    </section>
  );
}
