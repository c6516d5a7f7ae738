"use client";

import { Badge } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { formatBytes, formatCount } from "#components/ui/format.ts";
import { type RecordColumn, RecordTable } from "#components/ui/record-table.tsx";
import { RowName } from "#components/ui/row-name.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { ModelRow } from "#contracts/model.ts";

export function ModelTable({ rows, base }: { rows: readonly ModelRow[]; base: string }) {
  const t = useTranslations("model");
  const common = useTranslations("common");
  const locale = useLocale();
  const none = common("none");
  const columns: RecordColumn<ModelRow>[] = [
    {
      key: "name",
      header: t("columns.name"),
      isName: true,
      cell: (row) => (
        <RowName href={`${base}/models/${row.slug}`} name={row.name} under={firstLine(row.description)} />
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
    {
      key: "versions",
      header: t("columns.versions"),
      isNumber: true,
      cell: (row) => formatCount(row.versions, locale),
    },
    {
      key: "size",
      header: t("columns.size"),
      isNumber: true,
      isKept: true,
      cell: (row) => (row.latest ? formatBytes(row.latest.bytes, locale) : none),
    },
    {
      key: "parameters",
      header: t("columns.parameters"),
      isNumber: true,
      isKept: true,
      cell: (row) => (row.latest?.parameters == null ? none : formatCount(row.latest.parameters, locale)),
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

/** The beginning of a Markdown text as plain words. */
export function firstLine(markdown: string): string {
  const line = markdown.split("\n").find((each) => each.trim() !== "") ?? "";
  return line.replace(/^[#>\-*\s]+/, "").replace(/[*_`]/g, "");
}
