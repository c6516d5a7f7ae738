"use client";

import { useLocale, useMessages, useTranslations } from "next-intl";
import { formatDuration, formatPercent } from "#components/ui/format.ts";
import type { Progress, RunState } from "#contracts/run.ts";
import type { Messages } from "#i18n/messages.ts";
import styles from "./progress-line.module.css";

type Step = keyof Messages["run"]["step"];

/** The step of a run in words; one that this version does not know by its own name. */
export function useStepName(): (step: string) => string {
  const t = useTranslations("run.step");
  const known = useMessages().run.step;
  const isKnown = (step: string): step is Step => Object.hasOwn(known, step);
  return (step) => (isKnown(step) ? t(step) : step);
}

export interface ProgressLineProps {
  readonly state: RunState;
  readonly progress: Progress | null;
  readonly attempt: number;
  readonly label: string;
}

/** How far a run is, with step and time left. Its height is the same in every state, so that nothing jumps. */
export function ProgressLine({ state, progress, attempt, label }: ProgressLineProps) {
  const t = useTranslations("run.progress");
  const locale = useLocale();
  const stepName = useStepName();
  if (state === "queued") {
    return <div className={styles.line}>{attempt > 1 ? t("queuedAgain", { attempt }) : t("queued")}</div>;
  }
  const fraction = progress?.fraction ?? 0;
  const parts = [
    progress ? stepName(progress.step) : t("starting"),
    progress && formatPercent(fraction, locale, 0),
    progress?.etaSeconds != null &&
      t("left", { time: formatDuration(Math.ceil(progress.etaSeconds), locale) }),
    attempt > 1 && t("attempt", { attempt }),
  ].filter((part) => typeof part === "string");
  return (
    <div className={styles.line}>
      <div
        className={styles.track}
        role="progressbar"
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(fraction * 100)}
        aria-label={label}
      >
        <div className={styles.bar} style={{ transform: `scaleX(${fraction})` }} />
      </div>
      <span className={styles.words}>{parts.join(" · ")}</span>
    </div>
  );
}
