"use client";

import { useTranslations } from "next-intl";
import { useMetricText } from "#components/run/use-metric-text.ts";
import styles from "./frontier.module.css";
import type { Plot } from "./plot.ts";

/** The picture's numbers, for whoever does not read pictures. */
export function FrontierTable({ plot, quality, cost }: { plot: Plot; quality: string; cost: string }) {
  const t = useTranslations("experiment.frontier");
  const text = useMetricText();
  const range = (bounds: readonly [number, number] | null, unit: string) =>
    bounds ? ` [${text.quantity(bounds[0], unit)}, ${text.quantity(bounds[1], unit)}]` : "";
  return (
    <table className={styles.plain}>
      <caption className="visually-hidden">{t("title")}</caption>
      <thead>
        <tr>
          <th scope="col">{t("recipe")}</th>
          <th scope="col">{text.name(quality)}</th>
          <th scope="col">{text.name(cost)}</th>
          <th scope="col">{t("standing")}</th>
        </tr>
      </thead>
      <tbody>
        {plot.points
          .toSorted((one, other) => one.cost - other.cost)
          .map((point) => (
            <tr key={point.id}>
              <th scope="row">{point.name}</th>
              <td>
                {text.quantity(point.quality, plot.qualityUnit)}
                {range(point.qualityBounds, plot.qualityUnit)}
              </td>
              <td>
                {text.quantity(point.cost, plot.unit)}
                {range(point.costBounds, plot.unit)}
              </td>
              <td>{t(`standings.${point.standing}`)}</td>
            </tr>
          ))}
      </tbody>
    </table>
  );
}
