"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatBytes } from "#components/ui/format.ts";
import { VersionList } from "#components/ui/version-list.tsx";
import type { ModelDetail, ModelVersionRow } from "#contracts/model.ts";
import { usePlace } from "./use-place.ts";

/** All versions of a model, the newest first. */
export function VersionsPanel({ model, current }: { model: ModelDetail; current: number }) {
  const t = useTranslations("model");
  const locale = useLocale();
  const { base } = usePlace();
  return (
    <VersionList
      title={t("versions.title")}
      count={t("versions.all", { count: model.versions.length })}
      current={current}
      base={`${base}/models/${model.slug}`}
      versions={model.versions.map((version) => ({
        id: version.id,
        number: version.number,
        name: t("version", { number: version.number }),
        fact: formatBytes(version.bytes, locale),
        hint: version.state === "checking" ? t("state.checking") : t(`versions.${originOf(version)}`),
        at: version.createdAt,
      }))}
    />
  );
}

function originOf({ runId, isConverted }: ModelVersionRow): "fromRun" | "converted" | "uploaded" {
  if (runId !== null) return "fromRun";
  return isConverted ? "converted" : "uploaded";
}
