"use client";

import { Button, SegmentedControl, Stack, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { BarTable } from "#components/ui/bar-table.tsx";
import { formatCount, formatNumber, formatPercent } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { splitNames } from "#engine/evaluate/dataset/manifest.schema.ts";
import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";
import { binsOf } from "./label-bins.ts";

const shownFirst = 20;

/** How the label is distributed, in each split: bars that are a table. */
export function LabelPanel({ summary }: { summary: DatasetSummary }) {
  const t = useTranslations("dataset");
  const locale = useLocale();
  const { label } = summary;
  const splits = splitNames.filter((split) => (summary.items[split] ?? 0) > 0);
  const [chosen, setChosen] = useState(splits.find((split) => split === "test") ?? splits[0]);
  const [isWhole, setWhole] = useState(false);
  if (!label || !chosen) {
    return (
      <Panel title={t("label.title")}>
        <Text c="dimmed">{t("label.none")}</Text>
      </Panel>
    );
  }
  const bins = binsOf(label, chosen, {
    value: (value) => formatNumber(value, locale),
    range: (low, high) => t("label.between", { low, high }),
  });
  const items = bins.reduce((sum, bin) => sum + bin.value, 0);
  const rows = bins.map((bin) => ({ ...bin, text: formatCount(bin.value, locale) }));
  const top = bins.toSorted((one, other) => other.value - one.value)[0];
  const hint =
    label.kind === "class"
      ? t("label.hintClass", { column: label.column, count: label.classCount })
      : t("label.hintValue", { column: label.column });
  return (
    <Panel
      title={t("label.title")}
      hint={hint}
      actions={
        rows.length > shownFirst && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => setWhole(!isWhole)}
            aria-expanded={isWhole}
          >
            {isWhole ? t("label.less") : t("label.more", { count: rows.length })}
          </Button>
        )
      }
    >
      <Stack gap="sm">
        {splits.length > 1 && (
          <SegmentedControl
            size="xs"
            aria-label={t("label.split")}
            value={chosen}
            onChange={(next) => setChosen(splits.find((split) => split === next))}
            data={splits.map((split) => ({ value: split, label: t(`split.${split}`) }))}
            style={{ alignSelf: "start", maxWidth: "100%" }}
          />
        )}
        <BarTable
          label={t("label.ofSplit", { split: t(`split.${chosen}`) })}
          nameHeader={t(
            label.kind === "class" ? "label.class" : label.values ? "label.value" : "label.range",
          )}
          valueHeader={t("label.items")}
          rows={isWhole ? rows : rows.slice(0, shownFirst)}
        />
        {top && items > 0 && (
          <Text size="xs" c="dimmed">
            {t("label.summary", {
              split: t(`split.${chosen}`),
              items,
              top: top.label,
              share: formatPercent(top.value / items, locale, 1),
            })}
          </Text>
        )}
      </Stack>
    </Panel>
  );
}
