"use client";

import { useTranslations } from "next-intl";
import type { MeasurementRow } from "#contracts/measurement.ts";
import type { Obstacle } from "./between.ts";
import { differingConditions } from "./conditions.ts";

/** What keeps two values apart, in words. */
export function useObstacleText() {
  const t = useTranslations("compare");
  const tiers = useTranslations("common.tier");
  const conditions = (own: MeasurementRow, first: MeasurementRow) =>
    differingConditions(own, first).map((name) => t(`condition.${name}`));
  return {
    conditions,
    help: (obstacle: Obstacle, own: MeasurementRow, first: MeasurementRow): string => {
      if (obstacle === "quality") return t("obstacle.qualityHelp");
      if (obstacle === "tier")
        return t("obstacle.tierHelp", { first: tiers(first.tier), other: tiers(own.tier) });
      const what = conditions(own, first).join(t("table.comma")) || t("condition.unknown");
      return t("obstacle.performanceHelp", { what });
    },
  };
}
