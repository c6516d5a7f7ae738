"use client";

import { IconEqualNot } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { ChangeText } from "#components/run/change-text.tsx";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { ValueDetails } from "#components/run/value-details.tsx";
import { formatPercent } from "#components/ui/format.ts";
import { TierMark } from "#components/ui/tier-mark.tsx";
import { useRatio } from "#components/ui/use-ratio.ts";
import { changeOf, isComparable } from "#contracts/change.ts";
import type { RunRow, RunValue } from "#contracts/run.ts";
import type { ColumnSpec } from "./column-spec.ts";
import styles from "./table.module.css";

export interface CellProps {
  readonly row: RunRow;
  readonly spec: ColumnSpec;
  readonly baseline: RunRow | undefined;
}

/** One value of the run table as its column asks for it; a dash where the run has none. */
export function MetricCell(props: CellProps) {
  const t = useTranslations("experiment.table");
  const value = props.row.values[props.spec.metric];
  if (!value) {
    return (
      <span className={styles.absent}>
        <span aria-hidden>—</span>
        <span className="visually-hidden">{t("absent")}</span>
      </span>
    );
  }
  if (props.spec.kind === "change") return <ChangeCell {...props} value={value} />;
  if (props.spec.kind === "ratio") return <RatioCell {...props} value={value} />;
  return <ValueCell {...props} value={value} />;
}

function ValueCell({ spec: { metric }, baseline, value }: CellProps & { readonly value: RunValue }) {
  const t = useTranslations("experiment.table");
  const text = useMetricText();
  const locale = useLocale();
  const { interval } = value;
  // Exact counts need no mark in every row; their column's head says so.
  const isExact = interval === "exact";
  const reference = baseline?.values[metric];
  const isQuality = metric.startsWith("quality/") || metric.startsWith("fidelity/");
  // The head of a column of shares says "%", so that its cells need not.
  const number = (part: number) =>
    isQuality && value.unit === "fraction"
      ? formatPercent(part, locale, 2).replace(/\s*%/, "")
      : text.quantity(part, value.unit);
  return (
    <span className={styles.value}>
      {number(value.value)}
      {typeof interval === "object" && isQuality && (
        <span className={styles.interval}>
          [{number(interval.low)}, {number(interval.high)}]
        </span>
      )}
      {reference && !isComparable(value, reference) && (
        <span
          className={styles.unequal}
          title={t("otherConditions")}
          role="img"
          aria-label={t("otherConditions")}
        >
          <IconEqualNot size={13} aria-hidden />
        </span>
      )}
      {!isExact && !isQuality && <TierMark tier={value.tier} details={<ValueDetails of={value} />} />}
    </span>
  );
}

function ChangeCell({ row, spec, baseline, value }: CellProps & { readonly value: RunValue }) {
  const t = useTranslations("experiment.table");
  if (row.isBaseline) return <span className={styles.absent}>—</span>;
  const reference = baseline?.values[spec.metric];
  if (reference && !isComparable(value, reference))
    return <span className={styles.absent}>{t("otherConditions")}</span>;
  const change = changeOf(spec.metric, value, reference);
  if (!change) return <span className={styles.absent}>—</span>;
  return <ChangeText id={spec.metric} change={change} unit={value.unit} />;
}

function RatioCell({ spec, baseline, value }: CellProps & { readonly value: RunValue }) {
  const ratio = useRatio();
  const t = useTranslations("experiment.table");
  const reference = baseline?.values[spec.metric];
  if (!reference || value.value === 0) return <span className={styles.absent}>—</span>;
  if (!isComparable(value, reference)) return <span className={styles.absent}>{t("otherConditions")}</span>;
  // What was measured in turn with the variant, where it was: the baseline's own run was at another time.
  const base = value.baselineDelta ? value.value - value.baselineDelta.value : reference.value;
  return <span>{ratio(base / value.value)}</span>;
}
