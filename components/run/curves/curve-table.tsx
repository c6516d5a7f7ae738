"use client";

import { useTranslations } from "next-intl";
import { type Course, rowsOfCourse } from "./course.ts";
import styles from "./curves.module.css";
import { useCurveText } from "./use-curve-text.ts";

/** The curves' numbers, for whoever does not read pictures. */
export function CurveTable({ course, label }: { course: Course; label: string }) {
  const t = useTranslations("run.curves");
  const text = useCurveText();
  const rows = rowsOfCourse(course);
  const { tuningLoss, tuningAccuracy, zeros, kept } = course;
  const isKept = (epoch: number | undefined) =>
    kept !== undefined && kept !== "none" && kept.epoch === epoch && epoch !== undefined;
  const has = (points: { readonly values: readonly number[] }) => points.values.length > 0;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a long table scrolls, by keyboard too.
    <section className={styles.tableBox} tabIndex={0} aria-label={label}>
      <table className={styles.table}>
        <caption className="visually-hidden">{label}</caption>
        <thead>
          <tr>
            {course.batchesPerEpoch !== undefined && <th scope="col">{t("epoch")}</th>}
            <th scope="col">{t("batch")}</th>
            <th scope="col">{t("smoothLoss")}</th>
            {has(tuningLoss) && <th scope="col">{t("tuningLoss")}</th>}
            {has(tuningAccuracy) && <th scope="col">{t("tuningAccuracy")}</th>}
            {has(zeros) && <th scope="col">{t("zeros")}</th>}
            <th scope="col">{t("rate")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.step} data-kept={isKept(row.epoch) || undefined}>
              {course.batchesPerEpoch !== undefined && (
                <th scope="row">
                  {text.count(row.epoch ?? 0)}
                  {isKept(row.epoch) && <span className={styles.mark}> {t("keptShort")}</span>}
                </th>
              )}
              <td>{text.count(row.step)}</td>
              <td>{text.loss(row.smooth)}</td>
              {has(tuningLoss) && <td>{text.loss(row.tuningLoss)}</td>}
              {has(tuningAccuracy) && <td>{text.share(row.tuningAccuracy)}</td>}
              {has(zeros) && <td>{text.share(row.zeros)}</td>}
              <td>{text.rate(row.rate)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
