"use client";

import { Tooltip } from "@mantine/core";
import { IconEqualNot } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { MeasurementRow } from "#contracts/measurement.ts";
import type { Obstacle } from "./between.ts";
import styles from "./cell.module.css";
import { useObstacleText } from "./use-obstacle-text.ts";

export interface ObstacleBadgeProps {
  readonly obstacle: Obstacle;
  readonly own: MeasurementRow;
  readonly first: MeasurementRow;
}

/** Stands where a difference would: says that two values must not be compared, and why. */
export function ObstacleBadge({ obstacle, own, first }: ObstacleBadgeProps) {
  const t = useTranslations("compare.table");
  const help = useObstacleText().help(obstacle, own, first);
  return (
    <Tooltip label={help}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard. */}
      <span className={styles.badge} tabIndex={0}>
        <IconEqualNot size={12} aria-hidden /> {t("notCompared")}
        <span className="visually-hidden">{help}</span>
      </span>
    </Tooltip>
  );
}
