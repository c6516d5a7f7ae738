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
  const mark = tier && <TierMark tier={tier} details={details} withLabel={withTierLabel} />;
  if (!interval) {
    return (
      <span className={styles.tail}>
        <span className={styles.value}>{format(value)}</span>
        {mark}
      </span>
    );
  }
  return (
    <span className={styles.number}>
      <span className={styles.value}>{format(value)}</span>
      <span className={styles.tail}>
        <span className={styles.interval} title={rangeTitle}>
          {range && `[${format(range.low)}, ${format(range.high)}]`}
          {interval === "exact" && t("exact")}
          {interval === "n=1" && t("single")}
        </span>
        {mark}
      </span>
    </span>
  );
}
