"use client";

import { Button, Popover } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useMetricText } from "#components/run/use-metric-text.ts";
import type { Leaderboard } from "#contracts/benchmark.ts";
import styles from "./benchmark.module.css";
import { useTierName } from "./use-tier-name.ts";

/** What is compared with what, and what a shared rank means. */
export function Rules({ board }: { board: Leaderboard }) {
  const t = useTranslations("benchmark.rules");
  const text = useMetricText();
  const tier = useTierName()(board.tier);
  const baseline = board.entries.find((entry) => entry.isBaseline);
  return (
    <Popover width={400} position="bottom-end" shadow="md" withArrow trapFocus>
      <Popover.Target>
        <Button variant="default">{t("button")}</Button>
      </Popover.Target>
      <Popover.Dropdown className={styles.rules} aria-label={t("button")} tabIndex={-1} data-autofocus>
        <p>{t("data", { dataset: board.dataset, split: board.split, baseline: baseline?.title ?? "—" })}</p>
        <p>{t("tier", { metric: text.name(board.by), tier })}</p>
        <p>{t("ties")}</p>
        <p>{t("snapshot", { organisation: board.organisation })}</p>
        <p>{t("enter")}</p>
      </Popover.Dropdown>
    </Popover>
  );
}
