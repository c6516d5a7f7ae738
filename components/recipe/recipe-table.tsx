"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatCount } from "#components/ui/format.ts";
import { type RecordColumn, RecordTable } from "#components/ui/record-table.tsx";
import { RowName } from "#components/ui/row-name.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { RecipeRow } from "#contracts/recipe.ts";
import { StepChain } from "./step-chain.tsx";

export function RecipeTable({ rows, base }: { rows: readonly RecipeRow[]; base: string }) {
  const t = useTranslations("recipe");
  const locale = useLocale();
  const columns: RecordColumn<RecipeRow>[] = [
    {
      key: "name",
      header: t("columns.name"),
      isName: true,
      cell: (row) => <RowName href={`${base}/recipes/${row.slug}`} name={row.name} under={row.latest.note} />,
    },
    {
      key: "steps",
      header: t("columns.steps"),
      cell: (row) => (row.latest.recipe ? <StepChain recipe={row.latest.recipe} /> : t("launch.unreadable")),
    },
    {
      key: "version",
      header: t("columns.version"),
      isKept: true,
      cell: (row) => t("version", { number: row.latest.number }),
    },
    {
      key: "runs",
      header: t("columns.runs"),
      isNumber: true,
      isKept: true,
      cell: (row) => formatCount(row.runs, locale),
    },
    { key: "by", header: t("columns.by"), cell: (row) => row.latest.createdBy },
    {
      key: "saved",
      header: t("columns.saved"),
      isNumber: true,
      cell: (row) => <TimeAgo at={row.latest.createdAt} />,
    },
  ];
  return <RecordTable label={t("title")} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}
