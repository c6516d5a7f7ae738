"use client";

import styles from "./form.module.css";
import type { FieldWords } from "./use-field-words.ts";

/** What an option means, and under it what fits. */
export function FieldHelp({ words }: { words: FieldWords }) {
  return (
    <>
      {words.help}
      {words.facts !== "" && <span className={styles.facts}>{words.facts}</span>}
    </>
  );
}

/** Under the input, so that the inputs of a row stand in line however long their words are. */
export const wrapperOrder: ("label" | "input" | "description" | "error")[] = [
  "label",
  "input",
  "error",
  "description",
];
