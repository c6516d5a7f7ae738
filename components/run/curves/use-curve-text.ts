"use client";

import { useLocale, useTranslations } from "next-intl";
import { useMemo } from "react";
import { formatCount, formatNumber, formatPercent, formatShare } from "#components/ui/format.ts";
import type { CourseRow } from "./course.ts";

export interface CurveText {
  readonly loss: (value: number | undefined) => string;
  readonly share: (value: number | undefined) => string;
  readonly shareTick: (value: number) => string;
  readonly rate: (value: number | undefined) => string;
  readonly count: (value: number) => string;
  /** Values at one batch: a heading, and a line for each curve. */
  readonly at: (row: CourseRow) => { readonly head: string; readonly lines: readonly string[] };
}

/** Values of curves in words. */
export function useCurveText(): CurveText {
  const t = useTranslations("run.curves");
  const common = useTranslations("common");
  const locale = useLocale();
  return useMemo(() => {
    const known = (format: (value: number) => string) => (value: number | undefined) =>
      value === undefined ? common("none") : format(value);
    const loss = known((value) => formatNumber(value, locale, 3));
    const share = known((value) => formatPercent(value, locale, 1));
    const shareTick = (value: number) => formatShare(value, locale);
    const rate = known((value) => formatNumber(value, locale, 2));
    const count = (value: number) => formatCount(value, locale);
    return {
      loss,
      share,
      shareTick,
      rate,
      count,
      at: ({ epoch, step, smooth, rate: speed, tuningLoss, tuningAccuracy, zeros }) => ({
        head:
          epoch === undefined
            ? t("atBatch", { step: count(step) })
            : t("atEpoch", { step: count(step), epoch: count(epoch) }),
        lines: [
          t("value", { name: t("smoothLoss"), value: loss(smooth) }),
          ...(tuningLoss === undefined
            ? []
            : [t("value", { name: t("tuningLoss"), value: loss(tuningLoss) })]),
          ...(tuningAccuracy === undefined
            ? []
            : [t("value", { name: t("tuningAccuracy"), value: share(tuningAccuracy) })]),
          ...(zeros === undefined ? [] : [t("value", { name: t("zeros"), value: share(zeros) })]),
          t("value", { name: t("rate"), value: rate(speed) }),
        ],
      }),
    };
  }, [t, common, locale]);
}
