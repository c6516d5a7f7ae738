"use client";

import { useLocale, useTranslations } from "next-intl";
import { usePlace } from "#components/model/use-place.ts";
import { formatBytes } from "#components/ui/format.ts";
import { VersionList } from "#components/ui/version-list.tsx";
import type { DatasetDetail } from "#contracts/dataset.ts";

/** All versions of a dataset, the newest first. */
export function VersionsPanel({ dataset, current }: { dataset: DatasetDetail; current: number }) {
  const t = useTranslations("dataset");
  const locale = useLocale();
  const { base } = usePlace();
  return (
    <VersionList
      title={t("versions.title")}
      count={t("versions.all", { count: dataset.versions.length })}
      current={current}
      base={`${base}/datasets/${dataset.slug}`}
      versions={dataset.versions.map((version) => ({
        id: version.id,
        number: version.number,
        name: t("version", { number: version.number }),
        fact: formatBytes(version.bytes, locale),
        hint: version.state === "checking" ? t("state.checking") : undefined,
        at: version.createdAt,
      }))}
    />
  );
}
