"use client";

import { Tooltip } from "@mantine/core";
import { IconEqualNot } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import type { Tier } from "#contracts/measurement.ts";
import type { Obstacle } from "./between.ts";
import styles from "./compare.module.css";

/** Says that two values must not be compared, and why. */
export function ObstacleBadge({ obstacle, first, other }: { obstacle: Obstacle; first: Tier; other: Tier }) {
  const t = useTranslations("compare.badge");
  const tiers = useTranslations("common.tier");
  const help =
    obstacle === "tier" ? t("tierHelp", { first: tiers(first), other: tiers(other) }) : t(`${obstacle}Help`);
  return (
    <Tooltip label={help}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: the explanation must be reachable by keyboard. */}
      <span className={styles.badge} tabIndex={0}>
        <IconEqualNot size={12} aria-hidden /> {t(obstacle)}
        <span className="visually-hidden">. {help}</span>
      </span>
    </Tooltip>
  );
}
