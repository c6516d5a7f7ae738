"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatCount, formatPercent, formatSigned } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { ClassChange, RunComparison } from "#contracts/run.ts";
import styles from "./compare.module.css";
import { useExperimentClasses } from "./use-classes.ts";

type ComparedRun = RunComparison["runs"][number];

const changeOf = ({ items, correctFirst, correctOther }: ClassChange) =>
  items === 0 ? 0 : (correctOther - correctFirst) / items;

/** How the share of right answers moved in each class, the greatest loss first. */
export function ClassesPanel({ first, other }: { first: ComparedRun; other: ComparedRun }) {
  const t = useTranslations("compare");
  const locale = useLocale();
  const nameOf = useExperimentClasses(first.experimentId);
  const classes = (other.comparison?.perClass ?? []).toSorted((one, two) => changeOf(one) - changeOf(two));
  if (classes.length === 0) return null;
  const most = Math.max(0.001, ...classes.map((one) => Math.abs(changeOf(one))));
  return (
    <Panel title={t("classes")} hint={t("classesHint")} flush>
      <div className={styles.scroll}>
        <table className={styles.table}>
          <caption className="visually-hidden">{t("classes")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("class")}</th>
              <th scope="col">{t("items")}</th>
              <th scope="col">{first.recipeName}</th>
              <th scope="col">{other.recipeName}</th>
              <th scope="col">{t("change")}</th>
              <th aria-hidden className={styles.barColumn} />
            </tr>
          </thead>
          <tbody>
            {classes.map((one) => {
              const change = changeOf(one);
              const share = (correct: number) => (one.items === 0 ? "—" : formatPercent(correct / one.items, locale, 1));
              return (
                <tr key={one.label}>
                  <th scope="row">{nameOf(one.label)}</th>
                  <td>{formatCount(one.items, locale)}</td>
                  <td>{share(one.correctFirst)}</td>
                  <td>{share(one.correctOther)}</td>
                  <td>
                    <span aria-hidden>{change < 0 ? "▼ " : change > 0 ? "▲ " : ""}</span>
                    {formatSigned(change * 100, locale, 2)}
                  </td>
                  <td aria-hidden className={styles.barColumn}>
                    <span className={styles.classBar}>
                      <span
                        data-sign={change < 0 ? "down" : "up"}
                        style={{ width: `${(Math.abs(change) / most) * 50}%`, [change < 0 ? "right" : "left"]: "50%" }}
                      />
                    </span>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Panel>
  );
}
