"use client";

import { Badge } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { firstLine } from "#components/model/model-table.tsx";
import { formatBytes, formatCount } from "#components/ui/format.ts";
import { type RecordColumn, RecordTable } from "#components/ui/record-table.tsx";
import { RowName } from "#components/ui/row-name.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { DatasetRow, DatasetVersionRow } from "#contracts/dataset.ts";
import { taskName } from "./names.ts";

/** Items of all splits; null while they are being counted. */
export function allItems(items: DatasetVersionRow["items"]): number | null {
  return items === null ? null : Object.values(items).reduce((sum, count) => sum + count, 0);
}

export function DatasetTable({ rows, base }: { rows: readonly DatasetRow[]; base: string }) {
  const t = useTranslations("dataset");
  const common = useTranslations("common");
  const locale = useLocale();
  const count = (value: number | null | undefined) =>
    value == null ? common("none") : formatCount(value, locale);
  const columns: RecordColumn<DatasetRow>[] = [
    {
      key: "name",
      header: t("columns.name"),
      isName: true,
      cell: (row) => (
        <RowName href={`${base}/datasets/${row.slug}`} name={row.name} under={firstLine(row.description)} />
      ),
    },
    {
      key: "version",
      header: t("columns.version"),
      cell: (row) =>
        row.latest && (
          <>
            {t("version", { number: row.latest.number })}{" "}
            {row.latest.state === "checking" && <Badge color="gray">{t("state.checking")}</Badge>}
          </>
        ),
    },
    { key: "task", header: t("columns.task"), cell: (row) => row.latest && taskName(t, row.latest.task) },
    {
      key: "items",
      header: t("columns.items"),
      isNumber: true,
      isKept: true,
      cell: (row) => count(row.latest && allItems(row.latest.items)),
    },
    {
      key: "test",
      header: t("columns.test"),
      isNumber: true,
      isKept: true,
      cell: (row) => count(row.latest?.items?.test),
    },
    {
      key: "size",
      header: t("columns.size"),
      isNumber: true,
      cell: (row) => (row.latest ? formatBytes(row.latest.bytes, locale) : common("none")),
    },
    {
      key: "added",
      header: t("columns.added"),
      isNumber: true,
      cell: (row) => <TimeAgo at={row.createdAt} />,
    },
  ];
  return <RecordTable label={t("title")} columns={columns} rows={rows} rowKey={(row) => row.id} />;
}
