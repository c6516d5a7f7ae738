"use client";

import type { ReactNode } from "react";
import type { StepDraft } from "#contracts/step-options.ts";
import { NeedBadge, needOfDraft } from "./need-badge.tsx";
import styles from "./step-name.module.css";
import { useTechniqueWords } from "./words/technique-words.ts";

export interface StepNameProps {
  readonly step: StepDraft;
  /** Before the name: the step's place, for a screen reader. */
  readonly children?: ReactNode;
}

/** What a step is called, in words and in a recipe's file, and what it needs. */
export function StepName({ step, children }: StepNameProps) {
  const words = useTechniqueWords();
  return (
    <span className={styles.name}>
      {children}
      {words.name(step.use)} <code>{step.use}</code>
      <NeedBadge need={needOfDraft(step)} />
    </span>
  );
}
