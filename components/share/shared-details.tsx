"use client";

import { Button, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useFormatter, useLocale, useTranslations } from "next-intl";
import { RemarkLine } from "#components/remark/remark-line.tsx";
import { ChangeText } from "#components/run/change-text.tsx";
import { StateBadge } from "#components/run/state-badge.tsx";
import { Swatch } from "#components/run/swatch.tsx";
import { useMetricText } from "#components/run/use-metric-text.ts";
import { ValueDetails } from "#components/run/value-details.tsx";
import { DataNumber } from "#components/ui/data-number.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { type MeasurementRow, metricIdOf } from "#contracts/measurement.ts";
import { byMetric, groupOf, metricGroups } from "#contracts/metric.ts";
import type { RunReport } from "#contracts/run.ts";
import type { SharedRun } from "#contracts/share.ts";
import type { Said } from "#engine/remarks/remark.schema.ts";
import styles from "./share.module.css";
import { changeFor } from "./shared-table.tsx";

export interface SharedDetailsProps {
  readonly run: SharedRun;
  readonly baseline: SharedRun | undefined;
  readonly download: (run: number) => string;
}

/** Everything that was measured of one shared run, and its file where that may be had. */
export function SharedDetails({ run, baseline, download }: SharedDetailsProps) {
  const t = useTranslations("share.page");
  const format = useFormatter();
  const locale = useLocale();
  return (
    <Panel
      title={
        <span className={styles.name}>
          <Swatch run={run} />
          {run.recipeName}
        </span>
      }
      actions={<StateBadge state={run.state} />}
    >
      {run.downloadBytes !== null && (
        <Button
          component="a"
          href={download(run.number)}
          download
          mb="md"
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t("downloadBytes", { size: formatBytes(run.downloadBytes, locale) })}
        </Button>
      )}
      <Measurements run={run} baseline={baseline} />
      {run.report && <Remarks report={run.report} />}
      {run.endedAt && (
        <Text size="xs" c="dimmed" mt="md">
          {t("ended")} {format.dateTime(run.endedAt, { dateStyle: "medium", timeStyle: "short" })}
        </Text>
      )}
    </Panel>
  );
}

function Measurements({ run, baseline }: Pick<SharedDetailsProps, "run" | "baseline">) {
  const t = useTranslations("share.page");
  const groupName = useTranslations("run.group");
  if (run.measurements.length === 0) return <Text c="dimmed">{t("noMeasurements")}</Text>;
  const ordered = run.measurements.toSorted((one, other) => byMetric(metricIdOf(one), metricIdOf(other)));
  const groups = metricGroups.map((group) => {
    const rows = ordered.filter((row) => groupOf(row.name) === group);
    if (rows.length === 0) return null;
    return (
      <section key={group}>
        <h3 className={styles.group}>{groupName(group)}</h3>
        <dl className={styles.values}>
          {rows.map((row) => (
            <Measurement key={metricIdOf(row)} row={row} run={run} baseline={baseline} />
          ))}
        </dl>
      </section>
    );
  });
  return <div className={styles.groups}>{groups}</div>;
}

function Measurement({
  row,
  run,
  baseline,
}: { row: MeasurementRow } & Pick<SharedDetailsProps, "run" | "baseline">) {
  const text = useMetricText();
  const id = metricIdOf(row);
  const change = changeFor(run, id, baseline);
  const isExact = row.interval === "exact";
  return (
    <div className={styles.value}>
      <dt title={text.help(id)}>{text.name(id)}</dt>
      <dd>
        <DataNumber
          value={row.value}
          unit={row.unit}
          interval={isExact ? undefined : row.interval}
          tier={isExact ? undefined : row.tier}
          details={<ValueDetails of={row} />}
        />
        {change && change.finding !== "same" && (
          <div>
            <ChangeText id={id} change={change} unit={row.unit} withUnit />
          </div>
        )}
      </dd>
    </div>
  );
}

const distinct = (said: readonly Said[]): Said[] => [
  ...new Map(said.map((one) => [JSON.stringify(one), one])).values(),
];

/** Why nothing was changed, where that was the outcome, and what the engine remarked. */
function Remarks({ report }: { report: RunReport }) {
  const t = useTranslations("share.page");
  const skipped =
    report.outcome === "not-applicable"
      ? report.steps.flatMap((step) => step.skipped.map((entry) => entry.reason))
      : [];
  const lists = [
    { title: t("skipped"), lines: distinct(skipped) },
    { title: t("warnings"), lines: distinct(report.warnings) },
  ];
  return lists
    .filter(({ lines }) => lines.length > 0)
    .map(({ title, lines }) => (
      <section key={title}>
        <h3 className={styles.group}>{title}</h3>
        <ul className={styles.remarks}>
          {lines.map((line) => (
            <li key={JSON.stringify(line)}>
              <RemarkLine said={line} />
            </li>
          ))}
        </ul>
      </section>
    ));
}
