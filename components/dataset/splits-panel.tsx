import { Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import modelStyles from "#components/model/model.module.css";
import { formatCount, formatPercent } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { type RecordColumn, RecordTable } from "#components/ui/record-table.tsx";
import { type Manifest, splitNames } from "#engine/evaluate/dataset/manifest.schema.ts";
import type { DatasetSummary } from "#engine/evaluate/dataset/summary.schema.ts";

type Split = (typeof splitNames)[number];

/** How many items each split has, and who decided which. */
export function SplitsPanel({ summary, manifest }: { summary: DatasetSummary; manifest: Manifest }) {
  const t = useTranslations("dataset");
  const locale = useLocale();
  const total = Object.values(summary.items).reduce((sum, count) => sum + count, 0);
  const rows = splitNames.filter((split) => (summary.items[split] ?? 0) > 0);
  const columns: RecordColumn<Split>[] = [
    {
      key: "split",
      header: t("splits.split"),
      isName: true,
      cell: (split) => (
        <>
          <strong>{t(`split.${split}`)}</strong>{" "}
          <span className={modelStyles.quiet}>{t(`splitHelp.${split}`)}</span>
        </>
      ),
    },
    {
      key: "items",
      header: t("splits.items"),
      isNumber: true,
      isKept: true,
      cell: (split) => formatCount(summary.items[split] ?? 0, locale),
    },
    {
      key: "share",
      header: t("splits.share"),
      isNumber: true,
      isKept: true,
      cell: (split) => formatPercent(total === 0 ? 0 : (summary.items[split] ?? 0) / total, locale, 1),
    },
  ];
  const { splits } = manifest;
  const how =
    splits.column !== undefined
      ? t("splits.how.column", { column: String(splits.column) })
      : splits.file !== undefined
        ? t("splits.how.seed", { seed: String(splits.seed ?? 0) })
        : t("splits.how.given");
  return (
    <Panel title={t("splits.title")} hint={t("splits.hint", { items: total })} flush>
      <RecordTable label={t("splits.title")} columns={columns} rows={rows} rowKey={(split) => split} />
      <Text size="xs" c="dimmed" className={modelStyles.foot}>
        {how}
      </Text>
    </Panel>
  );
}
