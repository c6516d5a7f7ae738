"use client";

import { useLocale, useTranslations } from "next-intl";
import { ChangeText } from "#components/run/change-text.tsx";
import { formatDelta, signedQuantity } from "#components/run/delta.ts";
import { formatSignedPercent } from "#components/ui/format.ts";
import type { Change } from "#contracts/change.ts";
import { isFraction, isPlainNumber } from "#contracts/metric.ts";
import type { Beside } from "./between.ts";
import styles from "./cell.module.css";

export interface DifferenceProps {
  readonly id: string;
  readonly unit: string;
  readonly beside: Extract<Beside, { kind: "paired" | "unpaired" }>;
}

/** A difference from the reference as value and per cent. Without a paired interval it has no colour and says why. */
export function Difference({ id, unit, beside: { kind, change } }: DifferenceProps) {
  const t = useTranslations("compare.table");
  const findings = useTranslations("run.change");
  const other = useOtherForm(id, unit, change);
  const { finding } = formatDelta(id, change, unit, useLocale());
  const words = kind === "paired" ? findings(finding) : t("unpaired");
  if (change.finding === "same") return <span className={styles.small}>{words}</span>;
  return (
    <>
      {/* The words stand in the second part, where they stay together with the other form. */}
      <ChangeText id={id} change={change} unit={unit} withUnit />
      <span className={styles.small}>
        <span className={styles.words} data-finding={finding} aria-hidden={kind === "paired"}>
          {words}
        </span>
        {other && ` · ${other}`}
      </span>
    </>
  );
}

/** The form that the text before does not have: per cent beside points, the quantity beside per cent. */
function useOtherForm(id: string, unit: string, change: Change): string | null {
  const t = useTranslations("compare.table");
  const locale = useLocale();
  const { value, percent } = change;
  // Numbers without a unit and decibels have one form alone.
  if (percent === null || isPlainNumber(id) || unit === "dB") return null;
  if (formatDelta(id, change, unit, locale).direction === "none") return null;
  if (isFraction(id)) return t("relative", { percent: formatSignedPercent(percent / 100, locale) });
  // A share that is no quality has no use for a ratio: from no zeros to nine in ten is not a percentage.
  if (unit === "fraction") return null;
  return signedQuantity(value, unit, locale);
}
