"use client";

import { useLocale, useTranslations } from "next-intl";
import { DataNumber } from "#components/ui/data-number.tsx";
import { formatCount } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { TierMark } from "#components/ui/tier-mark.tsx";
import { changeOf, isComparable } from "#contracts/change.ts";
import { type MeasurementRow, metricIdOf } from "#contracts/measurement.ts";
import { byMetric, groupOf, metricGroups } from "#contracts/metric.ts";
import { hasEnded, type RunDetail } from "#contracts/run.ts";
import { ChangeText } from "./change-text.tsx";
import styles from "./run.module.css";
import { useMetricText } from "./use-metric-text.ts";
import { ValueDetails } from "./value-details.tsx";

export interface MeasurementsPanelProps {
  readonly run: RunDetail;
  readonly baseline: RunDetail | undefined;
}

/** Everything that was measured, in groups: value, interval, change, samples and how it came to be. */
export function MeasurementsPanel({ run, baseline }: MeasurementsPanelProps) {
  const t = useTranslations("run.page");
  const groupName = useTranslations("run.group");
  const ordered = run.measurements.toSorted((one, other) => byMetric(metricIdOf(one), metricIdOf(other)));
  const groups = metricGroups
    .map((group) => ({ group, rows: ordered.filter((row) => groupOf(row.name) === group) }))
    .filter(({ rows }) => rows.length > 0);
  return (
    <Panel title={t("measurements")} flush>
      {groups.length === 0 ? (
        <p className={styles.none}>{t(hasEnded(run.state) ? "measurementsNever" : "measurementsNone")}</p>
      ) : (
        <table className={styles.table}>
          <caption className="visually-hidden">{t("measurements")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("columnName")}</th>
              <th scope="col">{t("columnValue")}</th>
              {!run.isBaseline && <th scope="col">{t("columnChange")}</th>}
              <th scope="col">{t("columnN")}</th>
              <th scope="col">{t("columnTier")}</th>
            </tr>
          </thead>
          {groups.map(({ group, rows }) => (
            <tbody key={group}>
              <tr className={styles.group}>
                <th scope="rowgroup" colSpan={run.isBaseline ? 4 : 5}>
                  {groupName(group)}
                </th>
              </tr>
              {rows.map((row) => (
                <Measured key={metricIdOf(row)} row={row} run={run} baseline={baseline} />
              ))}
            </tbody>
          ))}
        </table>
      )}
      {run.isUntrained && run.measurements.some((row) => groupOf(row.name) === "quality") && (
        <p className={styles.foot} data-tone="warning">
          {t("untrained")}
        </p>
      )}
      {run.overlapUnknown && run.measurements.some((row) => groupOf(row.name) === "quality") && (
        <p className={styles.foot}>{t("overlap")}</p>
      )}
      {run.datasetVersionId === null && groups.length > 0 && (
        <p className={styles.foot}>{t("fidelityOnly")}</p>
      )}
    </Panel>
  );
}

function Measured({ row, run, baseline }: MeasurementsPanelProps & { readonly row: MeasurementRow }) {
  const locale = useLocale();
  const text = useMetricText();
  const id = metricIdOf(row);
  return (
    <tr>
      <th scope="row" title={text.help(id)}>
        {text.name(id)}
      </th>
      <td>
        <DataNumber value={row.value} unit={row.unit} interval={row.interval} />
      </td>
      {!run.isBaseline && (
        <td>
          <Changed
            id={id}
            row={row}
            reference={baseline?.measurements.find((one) => metricIdOf(one) === id)}
          />
        </td>
      )}
      <td data-cell="extra">{formatCount(row.n, locale)}</td>
      <td data-cell="mark">
        <TierMark tier={row.tier} withLabel details={<ValueDetails of={row} />} />
      </td>
    </tr>
  );
}

function Changed({
  id,
  row,
  reference,
}: {
  id: string;
  row: MeasurementRow;
  reference: MeasurementRow | undefined;
}) {
  const t = useTranslations("experiment.table");
  if (groupOf(id) === "experiment") return null;
  if (reference && !isComparable(row, reference))
    return <span className={styles.quiet}>{t("otherConditions")}</span>;
  const change = changeOf(id, row, reference);
  return change && <ChangeText id={id} change={change} unit={row.unit} withUnit withWords />;
}
