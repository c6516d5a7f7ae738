"use client";

import { useLocale, useTranslations } from "next-intl";
import type { Change } from "#contracts/change.ts";
import styles from "./change-text.module.css";
import { formatDelta } from "./delta.ts";

export interface ChangeTextProps {
  readonly id: string;
  readonly change: Change;
  readonly unit: string;
  /** Says "points" behind fractions; a column whose head says it leaves it out. */
  readonly withUnit?: boolean;
  /** The finding in words beside the number; without it a screen reader still hears it. */
  readonly withWords?: boolean;
}

/** A change against the baseline: arrow, value, interval, finding. Coloured where the interval excludes zero, or the count is exact. */
export function ChangeText({ id, change, unit, withUnit, withWords }: ChangeTextProps) {
  const locale = useLocale();
  const t = useTranslations("run.change");
  const delta = formatDelta(id, change, unit, locale);
  const arrow = { up: "▲", down: "▼", none: "" }[delta.direction];
  const points = withUnit && delta.unit === "points" ? ` ${t("points")}` : "";
  return (
    <span className={styles.change} data-finding={delta.finding}>
      <span className={styles.value}>
        {arrow && <span aria-hidden>{arrow} </span>}
        {delta.value}
        {points}
      </span>
      {delta.interval && (
        <span
          className={styles.interval}
          title={change.level === null ? undefined : t("level", { level: Math.round(change.level * 100) })}
        >
          {delta.interval}
        </span>
      )}
      <span className={withWords ? styles.words : styles.spoken}>{t(delta.finding)}</span>
    </span>
  );
}
