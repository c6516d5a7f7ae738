"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { saidBy } from "#contracts/problem.ts";
import type { VerdictNote } from "#contracts/verdict.ts";
import styles from "./verdict.module.css";

export interface VerdictNotesProps {
  readonly notes: readonly VerdictNote[];
  /** Runs that may still change what is said. */
  readonly pending: number;
  readonly overlapUnknown: boolean;
  readonly isUntrained: boolean;
  readonly fidelityOnly: boolean;
}

const shown = 3;

/** What a reader must know beside the sentence: what did nothing, what failed, what cannot be ranked. */
export function VerdictNotes({
  notes,
  pending,
  overlapUnknown,
  isUntrained,
  fidelityOnly,
}: VerdictNotesProps) {
  const t = useTranslations("experiment.verdict");
  const names = (runs: readonly { recipeName: string }[]) => {
    const first = runs.slice(0, shown).map((run) => run.recipeName);
    return runs.length > shown
      ? t("andMore", { names: first.join(t("comma")), count: runs.length - shown })
      : first.join(t("comma"));
  };
  const lineOf = (note: VerdictNote): ReactNode => {
    switch (note.kind) {
      case "zerosAlone":
        return t("zerosAlone", { names: names(note.runs), count: note.runs.length });
      case "notApplicable":
        return t.rich("notApplicable", {
          name: note.run.recipeName,
          reason: () => note.run.problem && <RemarkLine said={saidBy(note.run.problem)} />,
        });
      case "notComparable":
        return t("notComparable", { names: names(note.runs), count: note.runs.length });
      case "failed":
        return t("failed", { names: names(note.runs), count: note.runs.length });
    }
  };
  const lines = notes.map(lineOf);
  if (pending > 0) lines.unshift(t("pending", { count: pending }));
  if (fidelityOnly) lines.push(t("fidelityOnly"));
  if (isUntrained) lines.unshift(t("untrained"));
  if (overlapUnknown) lines.push(t("overlapUnknown"));
  if (lines.length === 0) return null;
  return (
    <ul className={styles.notes}>
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: lines have no state of their own.
        <li key={index}>{line}</li>
      ))}
    </ul>
  );
}
