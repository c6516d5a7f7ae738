"use client";

import { useLocale, useTranslations } from "next-intl";
import styles from "#components/model/model.module.css";
import { usePlace } from "#components/model/use-place.ts";
import { formatBytes } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { DatasetDetail } from "#contracts/dataset.ts";

/** All versions of a dataset, the newest first. */
export function VersionsPanel({ dataset, current }: { dataset: DatasetDetail; current: number }) {
  const t = useTranslations("dataset");
  const locale = useLocale();
  const { base } = usePlace();
  return (
    <Panel title={t("versions.title")} hint={t("versions.all", { count: dataset.versions.length })} flush>
      <ul className={styles.versions}>
        {dataset.versions.map((version) => (
          <li key={version.id} data-current={version.number === current || undefined}>
            <TextLink
              href={`${base}/datasets/${dataset.slug}/${version.number}`}
              fw={600}
              aria-current={version.number === current ? "page" : undefined}
            >
              {t("version", { number: version.number })}
            </TextLink>
            <span>{formatBytes(version.bytes, locale)}</span>
            {version.state === "checking" && <span className={styles.quiet}>{t("state.checking")}</span>}
            <span className={`${styles.quiet} ${styles.push}`}>
              <TimeAgo at={version.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
