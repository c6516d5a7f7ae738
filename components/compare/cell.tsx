"use client";

import { useTranslations } from "next-intl";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { ValueDetails } from "#components/run/value-details.tsx";
import { TierMark } from "#components/ui/tier-mark.tsx";
import type { MeasurementRow } from "#contracts/measurement.ts";
import { besideOf } from "./between.ts";
import styles from "./cell.module.css";
import { Difference } from "./difference.tsx";
import { ObstacleBadge } from "./obstacle-badge.tsx";

export interface CellProps {
  readonly id: string;
  readonly own: MeasurementRow | undefined;
  /** The reference's measurement; undefined where it has none. */
  readonly first: MeasurementRow | undefined;
  /** True in the reference's own column, which is compared with nothing. */
  readonly isReference: boolean;
  /** True where the reference is the run's own baseline. */
  readonly paired: boolean;
}

/** A value with unit, interval and tier, and under it what may be said of it beside the reference's. */
export function Cell({ id, own, first, isReference, paired }: CellProps) {
  const t = useTranslations("compare.table");
  if (!own) {
    return (
      <span className={styles.absent}>
        <span aria-hidden>—</span>
        <span className="visually-hidden">{t("absent")}</span>
      </span>
    );
  }
  return (
    <div className={styles.cell}>
      <Value own={own} />
      {!isReference && <BesideText id={id} own={own} first={first} paired={paired} />}
    </div>
  );
}

function Value({ own }: { own: MeasurementRow }) {
  const text = useMetricText();
  const common = useTranslations("common");
  const { interval } = own;
  const range = typeof interval === "object" ? interval : undefined;
  return (
    <span className={styles.value}>
      <span className={styles.number}>
        {text.quantity(own.value, own.unit)}
        <TierMark tier={own.tier} details={<ValueDetails of={own} />} />
      </span>
      <span
        className={styles.small}
        title={
          range?.level == null ? undefined : common("interval", { level: Math.round(range.level * 100) })
        }
      >
        {range && `[${text.quantity(range.low, own.unit)}, ${text.quantity(range.high, own.unit)}]`}
        {interval === "exact" && common("exact")}
        {interval === "n=1" && common("single")}
      </span>
    </span>
  );
}

function BesideText({
  id,
  own,
  first,
  paired,
}: Pick<CellProps, "id" | "first" | "paired"> & { readonly own: MeasurementRow }) {
  const beside = besideOf(own, first, paired);
  if (beside.kind === "alone") return null;
  if (beside.kind === "obstacle") {
    return first ? <ObstacleBadge obstacle={beside.obstacle} own={own} first={first} /> : null;
  }
  return (
    <span className={styles.beside}>
      <Difference id={id} unit={own.unit} beside={beside} />
    </span>
  );
}
