"use client";

import { IconCheck, IconX } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { formatCount } from "#components/ui/format.ts";
import type { Example } from "#contracts/run.ts";
import { outcomeOf } from "./disagreeing.ts";
import styles from "./examples.module.css";
import { RunName } from "./run-name.tsx";
import type { ComparedRun } from "./types.ts";
import { useExperimentClasses } from "./use-experiment-of.ts";

export interface ExampleTableProps {
  readonly rows: readonly Example[];
  readonly reference: ComparedRun;
  readonly other: ComparedRun;
}

/** Items with their label and what each of the two runs answered; on a phone a card per item. */
export function ExampleTable({ rows, reference, other }: ExampleTableProps) {
  const t = useTranslations("compare.examples");
  const locale = useLocale();
  const nameOf = useExperimentClasses(reference);
  return (
    <table className={styles.table}>
      <caption className="visually-hidden">{t("title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("item")}</th>
          <th scope="col">{t("label")}</th>
          <th scope="col">
            <RunName run={reference} plain />
          </th>
          <th scope="col">
            <RunName run={other} plain />
          </th>
          <th scope="col">{t("outcome")}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const outcome = outcomeOf(row);
          return (
            <tr key={row.item}>
              <th scope="row" data-label={t("item")}>
                {formatCount(row.item, locale)}
              </th>
              <td data-label={t("label")}>{nameOf(row.label)}</td>
              <td data-label={reference.recipeName}>
                {row.other !== null && <Answer name={nameOf(row.other)} isRight={row.other === row.label} />}
              </td>
              <td data-label={other.recipeName}>
                <Answer name={nameOf(row.prediction)} isRight={row.prediction === row.label} />
              </td>
              <td data-label={t("outcome")} data-outcome={outcome}>
                <span>
                  <span aria-hidden>{outcome === "gained" ? "▲ " : outcome === "lost" ? "▼ " : ""}</span>
                  {t(`outcomes.${outcome}`)}
                </span>
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}

/** An answer, marked right or wrong by shape and in words. */
function Answer({ name, isRight }: { name: string; isRight: boolean }) {
  const t = useTranslations("compare.examples");
  const Icon = isRight ? IconCheck : IconX;
  return (
    <span className={styles.answer} data-right={isRight || undefined}>
      <Icon size={14} stroke={2} aria-hidden />
      <span>{name}</span>
      <span className="visually-hidden">{t(isRight ? "right" : "wrong")}</span>
    </span>
  );
}
