"use client";

import { useTranslations } from "next-intl";
import { usePlace } from "#components/model/use-place.ts";
import { ChangeText } from "#components/run/change-text.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { useRatio } from "#components/ui/use-ratio.ts";
import { changeOf } from "#contracts/change.ts";
import { qualityMetrics } from "#contracts/metric.ts";
import { type KnownResult, knownResults } from "./estimate.ts";
import styles from "./launch.module.css";
import type { Earlier } from "./use-earlier.ts";

const most = 5;

/** What earlier experiments say of this model and data. Nothing is shown where they say nothing. */
export function KnownPanel({ earlier }: { earlier: Earlier }) {
  const t = useTranslations("experiment.launch");
  const results = knownResults(earlier.rows).slice(0, most);
  if (results.length === 0) return null;
  return (
    <Panel title={t("known")}>
      <ul className={styles.known}>
        {results.map((result) => (
          <Known key={result.row.id} result={result} />
        ))}
      </ul>
    </Panel>
  );
}

function Known({ result: { row, ratio } }: { result: KnownResult }) {
  const t = useTranslations("experiment.launch");
  const times = useRatio();
  const place = usePlace();
  const quality = qualityMetrics(Object.keys(row.values))[0];
  const value = quality ? row.values[quality] : undefined;
  const change = quality && value ? changeOf(quality, value) : null;
  return (
    <li>
      <TextLink href={`${place.base}/runs/${row.id}`}>{row.recipeName}</TextLink>{" "}
      {ratio !== null && ratio > 1.02 && t("smaller", { ratio: times(ratio) })}{" "}
      {quality && value && change && <ChangeText id={quality} change={change} unit={value.unit} withUnit />}
    </li>
  );
}
