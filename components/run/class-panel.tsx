"use client";

import { Button } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { formatCount, formatNumber, formatPercent, formatSigned } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { ClassDetail } from "#contracts/measurement.ts";
import type { RunDetail } from "#contracts/run.ts";
import { ChangeText } from "./change-text.tsx";
import { classChange, classesOf, worstFirst } from "./classes.ts";
import styles from "./run.module.css";
import { useClassNames } from "./use-class-names.ts";

export interface ClassPanelProps {
  readonly run: RunDetail;
  readonly dataset: { readonly slug: string; readonly number: number } | null;
}

const few = 10;

/** Recall of each class and its change against the baseline, the greatest loss first. */
export function ClassPanel({ run, dataset }: ClassPanelProps) {
  const t = useTranslations("run.page");
  const locale = useLocale();
  const nameOf = useClassNames(dataset);
  const [isAll, setIsAll] = useState(false);
  const classes = worstFirst(classesOf(run.measurements));
  const worst = classes[0];
  if (!worst) return null;
  const shown = isAll ? classes : classes.slice(0, few);
  // Every bar is drawn to the same scale.
  const most = Math.max(0.001, ...classes.map((one) => reach(one)));
  const isCompared = classes.some((one) => one.change !== null);
  return (
    <Panel title={t("classes")} hint={isCompared ? t("classesHint") : undefined} flush>
      <table className={styles.table}>
        <caption className="visually-hidden">
          {t("classesChart", {
            count: classes.length,
            label: nameOf(worst.class),
            points: formatSigned((worst.change?.value ?? 0) * 100, locale),
          })}
        </caption>
        <thead>
          <tr>
            <th scope="col">{t("classColumn")}</th>
            <th scope="col">{t("recall")}</th>
            {isCompared && <th scope="col">{t("columnChange")}</th>}
            {isCompared && <th aria-hidden className={styles.barColumn} />}
            <th scope="col">{t("items")}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((one) => (
            <tr key={one.class}>
              <th scope="row">{nameOf(one.class)}</th>
              <td>{formatPercent(one.recall, locale, 2)}</td>
              {isCompared && (
                <td>
                  {one.change && (
                    <ChangeText id="quality/top1" change={classChange(one.change)} unit="fraction" />
                  )}
                </td>
              )}
              {isCompared && (
                <td aria-hidden className={styles.barColumn}>
                  <ClassBar of={one} most={most} />
                </td>
              )}
              <td data-cell="mark" data-label={t("items")}>
                {formatCount(one.n, locale)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {classes.length > few && (
        <div className={styles.more}>
          <Button variant="subtle" size="xs" fullWidth onClick={() => setIsAll(!isAll)}>
            {isAll ? t("showFewer") : t("showAll", { count: classes.length })}
          </Button>
        </div>
      )}
      {isCompared && classes.length > 1 && (
        <p className={styles.foot}>
          {t("classesChance", {
            count: classes.length,
            expected: formatNumber(classes.length * 0.05, locale, 2),
          })}
        </p>
      )}
    </Panel>
  );
}

const reach = ({ change }: ClassDetail) =>
  change ? Math.max(Math.abs(change.value), Math.abs(change.low ?? 0), Math.abs(change.high ?? 0)) : 0;

/** Change as a bar from zero, with its interval as a line. */
function ClassBar({ of, most }: { of: ClassDetail; most: number }) {
  if (!of.change) return null;
  const at = (value: number) => 60 + (value / most) * 56;
  const { value, low, high } = of.change;
  const { finding } = classChange(of.change);
  return (
    <svg
      className={styles.bar}
      viewBox="0 0 120 16"
      data-finding={finding}
      aria-hidden="true"
      focusable="false"
    >
      <line x1={60} x2={60} y1={1} y2={15} className={styles.barZero} />
      <rect
        x={Math.min(60, at(value))}
        y={4}
        width={Math.abs(at(value) - 60)}
        height={8}
        className={styles.barFill}
      />
      {low !== null && high !== null && (
        <line x1={at(low)} x2={at(high)} y1={8} y2={8} className={styles.barRange} />
      )}
    </svg>
  );
}
