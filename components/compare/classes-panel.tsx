"use client";

import { Button } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { ChangeText } from "#components/run/change-text.tsx";
import { classesOf } from "#components/run/classes.ts";
import { formatCount, formatPercent, formatSigned } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { ClassBar, reachOf } from "./class-bar.tsx";
import { type ClassRow, classRows } from "./class-rows.ts";
import styles from "./classes.module.css";
import { type ComparedRun, isPaired } from "./types.ts";
import { useExperimentClasses } from "./use-experiment-of.ts";

const few = 12;

export interface ClassesPanelProps {
  readonly reference: ComparedRun;
  readonly other: ComparedRun;
}

/** How the share of right answers moved in each class, the greatest loss first. */
export function ClassesPanel({ reference, other }: ClassesPanelProps) {
  const t = useTranslations("compare.classes");
  const locale = useLocale();
  const nameOf = useExperimentClasses(reference);
  const [isTable, setIsTable] = useState(false);
  const [isAll, setIsAll] = useState(false);
  const paired = isPaired(other, reference);
  const rows = classRows(other.comparison?.perClass ?? [], paired ? classesOf(other.measurements) : []);
  const [worst] = rows;
  if (!worst) return null;
  const shown = isAll ? rows : rows.slice(0, few);
  const intervals = rows.filter((row) => row.change.low !== null).length;
  const summary = t("summary", {
    count: rows.length,
    label: nameOf(worst.label),
    points: formatSigned(worst.change.value * 100, locale),
  });
  return (
    <Panel
      title={t("title")}
      hint={t("hint", { recipe: other.recipeName, reference: reference.recipeName })}
      flush
      actions={
        <Button
          variant="subtle"
          color="gray"
          size="compact-sm"
          aria-pressed={isTable}
          onClick={() => setIsTable(!isTable)}
        >
          {t("asTable")}
        </Button>
      }
    >
      <p className="visually-hidden">{summary}</p>
      {isTable ? (
        <ClassTable rows={shown} reference={reference} other={other} nameOf={nameOf} />
      ) : (
        <ClassBars rows={shown} most={Math.max(0.001, ...rows.map(reachOf))} nameOf={nameOf} />
      )}
      {rows.length > few && (
        <div className={styles.more}>
          <Button variant="subtle" size="xs" fullWidth aria-expanded={isAll} onClick={() => setIsAll(!isAll)}>
            {isAll ? t("fewer") : t("more", { count: rows.length })}
          </Button>
        </div>
      )}
      <p className={styles.foot}>
        {intervals === 0
          ? t("unpaired", { reference: reference.recipeName })
          : t("chance", {
              count: intervals,
              expected: formatSigned(intervals * 0.05, locale, 1).replace("+", ""),
            })}
      </p>
    </Panel>
  );
}

interface RowsProps {
  readonly rows: readonly ClassRow[];
  readonly nameOf: (index: number) => string;
}

/** Bars from the middle: losses to the left, gains to the right, all to one scale. */
function ClassBars({ rows, most, nameOf }: RowsProps & { readonly most: number }) {
  return (
    <ul className={styles.bars}>
      {rows.map((row) => (
        <li key={row.label}>
          <span className={styles.label}>{nameOf(row.label)}</span>
          <ClassBar row={row} most={most} />
          <span className={styles.number}>
            <Moved row={row} />
          </span>
        </li>
      ))}
    </ul>
  );
}

/** The change with its interval and finding; without an interval the bare number, uncoloured. */
function Moved({ row: { change } }: { row: ClassRow }) {
  const locale = useLocale();
  const t = useTranslations("compare.classes");
  if (change.low !== null) return <ChangeText id="quality/top1" change={change} unit="fraction" />;
  return (
    <>
      <span aria-hidden>{change.value < 0 ? "▼ " : change.value > 0 ? "▲ " : ""}</span>
      <span aria-hidden>{formatSigned(change.value * 100, locale)}</span>
      <span className="visually-hidden">
        {t("points", { points: formatSigned(change.value * 100, locale) })}
      </span>
    </>
  );
}

function ClassTable({ rows, reference, other, nameOf }: RowsProps & ClassesPanelProps) {
  const t = useTranslations("compare.classes");
  const locale = useLocale();
  const share = (correct: number, items: number) => formatPercent(correct / items, locale, 1);
  return (
    <div className={styles.scroll} data-sideways>
      <table className={styles.table}>
        <caption className="visually-hidden">{t("title")}</caption>
        <thead>
          <tr>
            <th scope="col">{t("class")}</th>
            <th scope="col">{t("items")}</th>
            <th scope="col">{t("of", { recipe: reference.recipeName })}</th>
            <th scope="col">{t("of", { recipe: other.recipeName })}</th>
            <th scope="col">{t("change")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.label}>
              <th scope="row">{nameOf(row.label)}</th>
              <td>{formatCount(row.items, locale)}</td>
              <td>{share(row.correctFirst, row.items)}</td>
              <td>{share(row.correctOther, row.items)}</td>
              <td>
                <Moved row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
