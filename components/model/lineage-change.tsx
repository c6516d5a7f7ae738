"use client";

import { useLocale, useTranslations } from "next-intl";
import { ChangeText } from "#components/run/change-text.tsx";
import { formatSignedPercent } from "#components/ui/format.ts";
import { changeOf } from "#contracts/change.ts";
import { metricIdOf } from "#contracts/measurement.ts";
import { qualityMetrics } from "#contracts/metric.ts";
import type { LineageEdge, ModelVersionRow } from "#contracts/model.ts";

/** The change that tells most of an edge's quality: of the test split where there is one. */
export function qualityOf(edge: LineageEdge) {
  const byId = new Map(edge.changes.map((change) => [metricIdOf(change), change]));
  const [id] = qualityMetrics([...byId.keys()]);
  const value = id === undefined ? undefined : byId.get(id);
  const change =
    id !== undefined && value ? changeOf(id, { ...value, qualityKey: null, performanceKey: null }) : null;
  return id !== undefined && value && change ? { id, unit: value.unit, change } : undefined;
}

export interface SizeChangeProps {
  readonly edge: LineageEdge;
  readonly parent: ModelVersionRow | undefined;
  /** Says what it is where no heading does. */
  readonly withName?: boolean;
}

/** Bytes of the version in a form that its run measured; undefined where no run did. */
export function sizeIn(edge: LineageEdge | undefined, id: "size/gzip" | "size/encoded") {
  return edge?.changes.find((change) => metricIdOf(change) === id);
}

/** Change of the file's size, against the parent's; where the file stays as large, that of its deep form. */
export function SizeChange({ edge, parent, withName }: SizeChangeProps) {
  const t = useTranslations("model.lineage");
  const locale = useLocale();
  const share = parent && parent.bytes > 0 ? edge.bytesChange / parent.bytes : 0;
  if (share !== 0) {
    const change = formatSignedPercent(share, locale);
    return <span>{withName ? t("sizeChange", { change }) : change}</span>;
  }
  const deep = sizeIn(edge, "size/encoded")?.baselineDelta?.percent ?? 0;
  // Less than a per cent is what other values of the same weights make by chance.
  return (
    <span>
      {deep > -1 ? t("sameSize") : t("deepChange", { change: formatSignedPercent(deep / 100, locale) })}
    </span>
  );
}

export function QualityChange({ edge }: { edge: LineageEdge }) {
  const quality = qualityOf(edge);
  return quality ? <ChangeText {...quality} withUnit /> : null;
}
