"use client";

import { useLocale, useTranslations } from "next-intl";
import { formatBytes } from "#components/ui/format.ts";
import { TextLink } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { ModelDetail } from "#contracts/model.ts";
import styles from "./model.module.css";
import { usePlace } from "./use-place.ts";

/** All versions of a model, the newest first. */
export function VersionsPanel({ model, current }: { model: ModelDetail; current: number }) {
  const t = useTranslations("model");
  const locale = useLocale();
  const { base } = usePlace();
  return (
    <Panel title={t("versions.title")} hint={t("versions.all", { count: model.versions.length })} flush>
      <ul className={styles.versions}>
        {model.versions.map((version) => (
          <li key={version.id} data-current={version.number === current || undefined}>
            <TextLink
              href={`${base}/models/${model.slug}/${version.number}`}
              fw={600}
              aria-current={version.number === current ? "page" : undefined}
            >
              {t("version", { number: version.number })}
            </TextLink>
            <span>{formatBytes(version.bytes, locale)}</span>
            <span className={styles.quiet}>
              {version.state === "checking"
                ? t("state.checking")
                : t(version.runId === null ? "versions.uploaded" : "versions.fromRun")}
            </span>
            <span className={`${styles.quiet} ${styles.push}`}>
              <TimeAgo at={version.createdAt} />
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
