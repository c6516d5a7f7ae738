"use client";

import { useLocale, useTranslations } from "next-intl";
import { ChangeText } from "#components/run/change-text.tsx";
import { formatDelta } from "#components/run/delta.ts";
import { formatPercent } from "#components/ui/format.ts";
import { formatQuantity } from "#components/ui/quantity.ts";
import type { Change } from "#contracts/change.ts";
import { isFraction } from "#contracts/metric.ts";
import type { Beside } from "./between.ts";
import styles from "./cell.module.css";

export interface DifferenceProps {
  readonly id: string;
  readonly unit: string;
  readonly beside: Extract<Beside, { kind: "paired" | "unpaired" }>;
}

/** A difference from the reference as value and per cent. Without a paired interval it has no colour and says why. */
export function Difference({ id, unit, beside: { kind, change } }: DifferenceProps) {
  const other = useOtherForm(id, unit, change);
  if (change.value === 0)
    return kind === "paired" ? (
      <ChangeText id={id} change={change} unit={unit} withUnit withWords />
    ) : (
      <Unpaired id={id} unit={unit} change={change} />
    );
  return (
    <>
      {kind === "paired" ? (
        <ChangeText id={id} change={change} unit={unit} withUnit withWords />
      ) : (
        <Unpaired id={id} unit={unit} change={change} />
      )}
      {other && <span className={styles.small}>{other}</span>}
    </>
  );
}

function Unpaired({ id, unit, change }: { id: string; unit: string; change: Change }) {
  const t = useTranslations("compare.table");
  const points = useTranslations("run.change")("points");
  const delta = formatDelta(id, change, unit, useLocale());
  const arrow = change.value > 0 ? "▲" : change.value < 0 ? "▼" : "";
  return (
    <span className={styles.unpaired}>
      <span className={styles.nowrap}>
        {arrow && <span aria-hidden>{arrow} </span>}
        {delta.value}
        {delta.unit === "points" && ` ${points}`}
      </span>
      <span className={styles.small}>{t("unpaired")}</span>
    </span>
  );
}

/** The form that the text before does not have: per cent beside points, the quantity beside per cent. */
function useOtherForm(id: string, unit: string, { value, percent }: Change): string | null {
  const t = useTranslations("compare.table");
  const locale = useLocale();
  if (percent === null) return null;
  const sign = value > 0 ? "+" : "";
  if (isFraction(id) || unit === "fraction") {
    const decimals = Math.abs(percent) >= 10 ? 0 : Math.abs(percent) >= 1 ? 1 : 2;
    return t("relative", { percent: `${sign}${formatPercent(percent / 100, locale, decimals)}` });
  }
  return `${sign}${formatQuantity(value, unit, locale)}`;
}
