import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import type { MeasurementInterval, Tier } from "#contracts/measurement.ts";
import styles from "./data-number.module.css";
import { formatQuantity } from "./quantity.ts";
import { TierMark } from "./tier-mark.tsx";

export interface DataNumberProps {
  readonly value: number;
  /** A unit of the measurements: "fraction", "B", "ms", "kWh", "gCO2e", … */
  readonly unit: string;
  readonly interval?: MeasurementInterval;
  readonly tier?: Tier;
  /** Method, samples, hardware, date, shown with the tier's mark. */
  readonly details?: ReactNode;
  /** The word of the tier beside its mark. */
  readonly withTierLabel?: boolean;
}

/** A value that does not stand alone: its unit, its interval, how it came to be. */
export function DataNumber({ value, unit, interval, tier, details, withTierLabel }: DataNumberProps) {
  const locale = useLocale();
  const t = useTranslations("common");
  const format = (part: number) => formatQuantity(part, unit, locale);
  const range = typeof interval === "object" ? interval : undefined;
  const rangeTitle =
    range && range.level !== null ? t("interval", { level: Math.round(range.level * 100) }) : undefined;
  return (
    <span className={styles.number}>
      <span className={styles.value}>{format(value)}</span>
      {range && (
        <span className={styles.interval} title={rangeTitle}>
          [{format(range.low)}, {format(range.high)}]
        </span>
      )}
      {interval === "exact" && <span className={styles.interval}>{t("exact")}</span>}
      {interval === "n=1" && <span className={styles.interval}>{t("single")}</span>}
      {tier && <TierMark tier={tier} details={details} withLabel={withTierLabel} />}
    </span>
  );
}
