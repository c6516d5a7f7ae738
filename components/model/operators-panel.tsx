"use client";

import { Button } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";
import { BarTable } from "#components/ui/bar-table.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { Inspection } from "#engine/inspect.schema.ts";

const shownFirst = 12;

/** Which operators the graph is made of, the most frequent first. */
export function OperatorsPanel({ operators }: { operators: Inspection["operators"] }) {
  const t = useTranslations("model.operators");
  const locale = useLocale();
  const [isWhole, setWhole] = useState(false);
  const rows = Object.entries(operators)
    .map(([name, count]) => ({ key: name, label: name, value: count, text: formatCount(count, locale) }))
    .toSorted((one, other) => other.value - one.value || one.key.localeCompare(other.key));
  const nodes = rows.reduce((sum, row) => sum + row.value, 0);
  return (
    <Panel
      title={t("title")}
      hint={t("hint", { kinds: rows.length, nodes })}
      actions={
        rows.length > shownFirst && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => setWhole(!isWhole)}
            aria-expanded={isWhole}
          >
            {isWhole ? t("less") : t("more", { count: rows.length })}
          </Button>
        )
      }
    >
      <BarTable
        label={t("title")}
        nameHeader={t("name")}
        valueHeader={t("count")}
        rows={isWhole ? rows : rows.slice(0, shownFirst)}
      />
    </Panel>
  );
}
