"use client";

import { ActionIcon, Tooltip } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import { ChangeText } from "#components/run/change-text.tsx";
import { StateBadge } from "#components/run/state-badge.tsx";
import { Swatch } from "#components/run/swatch.tsx";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { ValueDetails } from "#components/run/value-details.tsx";
import { DataNumber } from "#components/ui/data-number.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { RecordTable } from "#components/ui/record-table.tsx";
import { changeOf } from "#contracts/change.ts";
import type { MeasurementRow } from "#contracts/measurement.ts";
import { isFraction } from "#contracts/metric.ts";
import type { SharedRun } from "#contracts/share.ts";
import { runKey, valuesOf } from "./rows.ts";
import styles from "./share.module.css";

export interface SharedTableProps {
  readonly runs: readonly SharedRun[];
  readonly baseline: SharedRun | undefined;
  readonly quality: string | undefined;
  readonly selected: SharedRun | undefined;
  readonly onSelect: (key: string) => void;
  readonly download: (run: number) => string;
}

const costs = ["size/file", "latency/p50", "energy/per-1000"] as const;

/** The shared runs: quality, its change, size, time, energy; the rest is in the panel of the selected one. */
export function SharedTable({ runs, baseline, quality, selected, onSelect, download }: SharedTableProps) {
  const t = useTranslations("share.page");
  const text = useMetricText();
  const measured = new Set(runs.flatMap((run) => Object.keys(valuesOf(run))));
  const hasChange = quality !== undefined && runs.some((run) => changeFor(run, quality, baseline));
  const column = (metric: string, isKept: boolean) => ({
    key: metric,
    header: text.short(metric),
    isNumber: true,
    isKept,
    cell: (run: SharedRun) => <Value metric={metric} value={valuesOf(run)[metric]} />,
  });
  return (
    <Panel title={t("table")} hint={t("runs", { count: runs.length })} flush>
      <RecordTable
        label={t("tableLabel")}
        rows={runs}
        rowKey={runKey}
        tone={(run) => (run === selected ? "chosen" : run.isBaseline ? "faint" : undefined)}
        columns={[
          {
            key: "recipe",
            header: t("recipe"),
            isName: true,
            cell: (run) => (
              <span className={styles.name}>
                <Swatch run={run} />
                <button
                  type="button"
                  className={styles.pick}
                  aria-pressed={run === selected}
                  onClick={() => onSelect(runKey(run))}
                >
                  {run.recipeName}
                </button>
                <span className={styles.number}>#{run.number}</span>
              </span>
            ),
          },
          ...(quality === undefined ? [] : [column(quality, true)]),
          ...(quality !== undefined && hasChange
            ? [
                {
                  key: "change",
                  header: isFraction(quality) ? t("changePoints") : t("change"),
                  isNumber: true,
                  cell: (run: SharedRun) => <ChangeCell run={run} quality={quality} baseline={baseline} />,
                },
              ]
            : []),
          ...costs
            .filter((metric) => measured.has(metric))
            .map((metric) => column(metric, metric === "size/file")),
          ...(runs.every((run) => run.state === "succeeded")
            ? []
            : [
                {
                  key: "state",
                  header: t("state"),
                  isNumber: true,
                  cell: (run: SharedRun) => <StateBadge state={run.state} />,
                },
              ]),
          ...(runs.some((run) => run.downloadBytes !== null)
            ? [
                {
                  key: "download",
                  header: <span className="visually-hidden">{t("actions")}</span>,
                  isNumber: true,
                  isKept: true,
                  cell: (run: SharedRun) => <DownloadCell run={run} href={download(run.number)} />,
                },
              ]
            : []),
        ]}
      />
    </Panel>
  );
}

export function changeFor(run: SharedRun, metric: string, baseline: SharedRun | undefined) {
  const value = valuesOf(run)[metric];
  if (!value || run.isBaseline) return null;
  return changeOf(metric, value, baseline && valuesOf(baseline)[metric]);
}

function Absent() {
  const t = useTranslations("share.page");
  return (
    <span className={styles.absent}>
      <span aria-hidden>—</span>
      <span className="visually-hidden">{t("absent")}</span>
    </span>
  );
}

function Value({ metric, value }: { metric: string; value: MeasurementRow | undefined }) {
  if (!value) return <Absent />;
  const isQuality = metric.startsWith("quality/") || metric.startsWith("fidelity/");
  return (
    <DataNumber
      value={value.value}
      unit={value.unit}
      interval={isQuality && value.interval !== "exact" ? value.interval : undefined}
      tier={value.interval === "exact" || isQuality ? undefined : value.tier}
      details={<ValueDetails of={value} />}
    />
  );
}

interface ChangeCellProps {
  readonly run: SharedRun;
  readonly quality: string;
  readonly baseline: SharedRun | undefined;
}

function ChangeCell({ run, quality, baseline }: ChangeCellProps) {
  const change = changeFor(run, quality, baseline);
  const unit = valuesOf(run)[quality]?.unit;
  return change && unit !== undefined ? <ChangeText id={quality} change={change} unit={unit} /> : <Absent />;
}

function DownloadCell({ run, href }: { run: SharedRun; href: string }) {
  const t = useTranslations("share.page");
  const locale = useLocale();
  if (run.downloadBytes === null) return null;
  const words = t("downloadRun", { recipe: run.recipeName, size: formatBytes(run.downloadBytes, locale) });
  return (
    <Tooltip label={words}>
      <ActionIcon component="a" href={href} download aria-label={words}>
        <IconDownload size={16} aria-hidden />
      </ActionIcon>
    </Tooltip>
  );
}
