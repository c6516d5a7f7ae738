"use client";

import { useTranslations } from "next-intl";
import type { RunCounts } from "#contracts/experiment.ts";
import { runStates } from "#contracts/run.ts";
import styles from "./experiment.module.css";

/** Runs of an experiment by state; states without a run are left out. */
export function Counts({ counts }: { counts: RunCounts }) {
  const t = useTranslations("experiment.counts");
  return (
    <span className={styles.counts}>
      {runStates
        .filter((state) => counts[state] > 0)
        .map((state) => (
          <span key={state} data-state={state}>
            {t(state, { count: counts[state] })}
          </span>
        ))}
    </span>
  );
}

export function totalOf(counts: RunCounts): number {
  return runStates.reduce((sum, state) => sum + counts[state], 0);
}
