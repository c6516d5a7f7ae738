"use client";

import { useTranslations } from "next-intl";
import { seriesVariable } from "#components/theme/series.ts";
import type { Course } from "./course.ts";
import styles from "./curves.module.css";
import { colours } from "./option.ts";
import { useCurveText } from "./use-curve-text.ts";

/** What each line is, with its newest value. */
export function CurveLegend({ course }: { course: Course }) {
  const t = useTranslations("run.curves");
  const text = useCurveText();
  const entries = [
    { key: "train", name: t("smoothLoss"), value: text.loss(course.smooth.at(-1)), is: course.smooth },
    {
      key: "tuning",
      name: t("tuningLoss"),
      value: text.loss(course.tuningLoss.values.at(-1)),
      is: course.tuningLoss.values,
    },
    {
      key: "accuracy",
      name: t("tuningAccuracy"),
      value: text.share(course.tuningAccuracy.values.at(-1)),
      is: course.tuningAccuracy.values,
    },
    {
      key: "zeros",
      name: t("zeros"),
      value: text.share(course.zeros.values.at(-1)),
      is: course.zeros.values,
    },
  ] as const;
  return (
    <ul className={styles.legend}>
      {entries.map(
        ({ key, name, value, is }) =>
          is.length > 0 && (
            <li key={key}>
              <span
                className={styles.stroke}
                data-kind={key}
                style={{ color: seriesVariable(colours[key]) }}
                aria-hidden
              />
              <span className={styles.name}>{name}</span> <strong>{value}</strong>
            </li>
          ),
      )}
    </ul>
  );
}
