"use client";

import { useTranslations } from "next-intl";
import { useId, useMemo, useState } from "react";
import { Chart } from "#components/chart/chart.tsx";
import { useChartTheme } from "#components/chart/use-chart-theme.ts";
import { type Course, rowAt } from "./course.ts";
import styles from "./curves.module.css";
import { hasShares, heightOf, optionOf } from "./option.ts";
import { useCurveText } from "./use-curve-text.ts";

/** Loss, shares and learning rate of a training, and a slider that reads their values at any batch. */
export function CurveChart({ course, summary }: { course: Course; summary: string }) {
  const t = useTranslations("run.curves");
  const theme = useChartTheme();
  const text = useCurveText();
  const id = useId();
  const [cursor, setCursor] = useState<number>();
  const { kept } = course;
  const option = useMemo(() => {
    const epoch = kept === undefined || kept === "none" ? 0 : kept.epoch;
    const isFinal = kept !== undefined && kept !== "none" && kept.isFinal;
    return optionOf(
      course,
      theme,
      {
        loss: t("loss"),
        share: t("share"),
        rate: t("rate"),
        batches: t("batches"),
        kept: t(isFinal ? "kept" : "best", { epoch: text.count(epoch) }),
        lossTick: text.loss,
        shareTick: text.shareTick,
        rateTick: text.rate,
        stepTick: text.count,
        tooltip: (step) => text.at(rowAt(course, Math.round(step))),
      },
      cursor,
    );
  }, [course, kept, theme, t, text, cursor]);
  const seen = text.at(rowAt(course, Math.min(cursor ?? course.lastStep, course.lastStep)));
  const words = [seen.head, ...seen.lines].join(" · ");
  return (
    <>
      <div className={styles.stage} style={{ height: heightOf(course) }}>
        {/* The grids below each other change when the first epoch is over. */}
        <Chart key={String(hasShares(course))} option={option} summary={summary} />
      </div>
      <div className={styles.reader}>
        <label className={styles.readerLabel} htmlFor={id}>
          {t("readAt")}
        </label>
        <input
          id={id}
          type="range"
          className={styles.slider}
          min={1}
          max={Math.max(1, course.lastStep)}
          step={Math.max(1, Math.round(course.lastStep / 200))}
          value={cursor ?? course.lastStep}
          aria-valuetext={words}
          onChange={(event) => setCursor(event.currentTarget.valueAsNumber)}
          onBlur={() => setCursor(undefined)}
        />
        <p className={styles.readout} aria-hidden>
          {words}
        </p>
      </div>
    </>
  );
}
