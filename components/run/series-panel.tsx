"use client";

import { useLocale, useTranslations } from "next-intl";
import { Sparkline } from "#components/chart/sparkline.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { formatCount } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import { hasEnded, type RunDetail, type SeriesRow } from "#contracts/run.ts";
import { parseTrainingSeries } from "#contracts/training-series.ts";
import { joinPoints, type LivePoints } from "./live-state.ts";
import styles from "./run.module.css";
import { useSeries } from "./use-run-live.ts";
import { useSeriesText } from "./use-series-text.ts";

/** Most series that are shown at once. */
const most = 6;

/** The run's live values, each with its course at a glance. */
export function SeriesPanel({ run, live }: { run: RunDetail; live: LivePoints }) {
  const t = useTranslations("run.page");
  // Those of a training have a picture of their own.
  const series = run.series.filter(({ name }) => parseTrainingSeries(name) === undefined);
  if (series.length === 0) return null;
  return (
    <Panel title={t(hasEnded(run.state) ? "seriesEnded" : "series")}>
      <ul className={styles.series}>
        {series.slice(0, most).map((row) => (
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
  const text = useSeriesText(row.name);
  const [low, high] = [text.value(row.min), text.value(row.max)];
  const label = t("seriesOf", {
    name: text.name,
    count: formatCount(row.count, locale),
    last: text.value(last),
    min: low,
    max: high,
  });
  return (
    <li>
      <span className={styles.seriesName}>{text.name}</span>
      <Sparkline values={values} label={label} width={180} height={36} />
      <span className={styles.seriesLast}>{text.value(last)}</span>
      <span className={styles.quiet}>{t("range", { low, high })}</span>
    </li>
  );
}
