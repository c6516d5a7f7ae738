"use client";

import { useFormatter, useTranslations } from "next-intl";
import type { MeasurementInterval, MeasurementRow } from "#contracts/measurement.ts";
import { useMetricText } from "./use-metric-text.ts";

type Described = Pick<MeasurementRow, "value" | "unit" | "method" | "n" | "interval"> &
  Partial<Pick<MeasurementRow, "measuredAt" | "conditions" | "baselineDelta">>;

/** How a value came to be, for the tooltip of its mark. */
export function ValueDetails({ of }: { of: Described }) {
  const t = useTranslations("run.details");
  const format = useFormatter();
  const cpu = of.conditions?.cpuModel;
  return (
    <>
      <div>{t.rich("method", { method: () => <English>{of.method}</English> })}</div>
      <div>{t("samples", { n: of.n })}</div>
      <IntervalLine interval={of.interval} />
      <BesideLine of={of} />
      {typeof cpu === "string" && <div>{t("hardware", { cpu })}</div>}
      {of.measuredAt && (
        <div>{format.dateTime(of.measuredAt, { dateStyle: "medium", timeStyle: "short" })}</div>
      )}
    </>
  );
}

/** The baseline measured in turn with this value: what the change refers to, and not always what its own run found. */
function BesideLine({ of: { value, unit, interval, baselineDelta } }: { of: Described }) {
  const t = useTranslations("run.details");
  const text = useMetricText();
  if (!baselineDelta || interval === "exact") return null;
  return <div>{t("beside", { value: text.quantity(value - baselineDelta.value, unit) })}</div>;
}

function IntervalLine({ interval }: { interval: MeasurementInterval }) {
  const t = useTranslations("run.details");
  if (interval === "exact") return <div>{t("exact")}</div>;
  if (interval === "n=1") return <div>{t("single")}</div>;
  const method = () => <English>{interval.method}</English>;
  if (interval.level === null) return <div>{t.rich("band", { method })}</div>;
  return <div>{t.rich("interval", { level: Math.round(interval.level * 100), method })}</div>;
}

/** What the engine writes is English in every language. */
function English({ children }: { children: string }) {
  return <span lang="en">{children}</span>;
}
