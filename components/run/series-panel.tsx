"use client";

import { useLocale, useTranslations } from "next-intl";
import { Sparkline } from "#components/chart/sparkline.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { formatCount, formatNumber } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { hasEnded, type RunDetail, type SeriesRow } from "#contracts/run.ts";
import { joinPoints, type LivePoints } from "./live-state.ts";
import styles from "./run.module.css";
import { useSeries } from "./use-run-live.ts";

/** Most series that are shown at once. */
const most = 6;

/** The run's live values, each with its course at a glance. */
export function SeriesPanel({ run, live }: { run: RunDetail; live: LivePoints }) {
  const t = useTranslations("run.page");
  if (run.series.length === 0) return null;
  return (
    <Panel title={t("series")}>
      <ul className={styles.series}>
        {run.series.slice(0, most).map((row) => (
          <Series key={row.name} run={run} row={row} live={live[row.name]} />
        ))}
      </ul>
    </Panel>
  );
}

function Series({
  run,
  row,
  live,
}: {
  run: RunDetail;
  row: SeriesRow;
  live: LivePoints[string] | undefined;
}) {
  const t = useTranslations("run.page");
  const locale = useLocale();
  const place = usePlace();
  const stored = useSeries(place.org, run.id, row.name, !hasEnded(run.state));
  const { values } = joinPoints(stored.data, live);
  const last = values.at(-1) ?? row.last;
  const number = (value: number) => formatNumber(value, locale, 4);
  const label = t("seriesOf", {
    name: row.name,
    count: formatCount(row.count, locale),
    last: number(last),
    min: number(row.min),
    max: number(row.max),
  });
  return (
    <li>
      <span className={styles.seriesName}>{row.name}</span>
      <Sparkline values={values} label={label} width={180} height={36} />
      <span className={styles.seriesLast}>{number(last)}</span>
      <span className={styles.quiet}>
        {number(row.min)} … {number(row.max)}
      </span>
    </li>
  );
}
