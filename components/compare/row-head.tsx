"use client";

import { useTranslations } from "next-intl";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { type ComparedRow, obstaclesOf } from "./between.ts";
import styles from "./table.module.css";
import { useObstacleText } from "./use-obstacle-text.ts";

/** Name of a quantity; where columns were measured under other conditions than the reference, it says in which. */
export function RowHead({ row }: { row: ComparedRow }) {
  const t = useTranslations("compare");
  const text = useMetricText();
  const words = useObstacleText();
  const obstacles = obstaclesOf(row);
  const named = new Set(
    obstacles.flatMap(({ obstacle, own, first }) => {
      const conditions = obstacle === "performance" ? words.conditions(own, first) : [];
      return conditions.length > 0
        ? [t("table.apart", { what: conditions.join(t("table.comma")) })]
        : [t(`obstacle.${obstacle}`)];
    }),
  );
  return (
    <th scope="row">
      <span title={text.help(row.id)}>{text.name(row.id)}</span>
      {[...named].map((reason) => (
        <span key={reason} className={styles.apart}>
          {reason}
        </span>
      ))}
    </th>
  );
}
