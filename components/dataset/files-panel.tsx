"use client";

import { Anchor } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { formatBytes } from "#components/ui/format.ts";
import { Panel } from "#components/ui/panel.tsx";
import type { DatasetVersionDetail } from "#contracts/dataset.ts";
import styles from "./dataset.module.css";

/** The files as they were uploaded. */
export function FilesPanel({ org, version }: { org: string; version: DatasetVersionDetail }) {
  const t = useTranslations("dataset.files");
  const locale = useLocale();
  return (
    <Panel title={t("title")} flush>
      <ul className={styles.files}>
        {version.files.map((file) => (
          <li key={file.name}>
            {version.state === "ready" ? (
              <Anchor
                href={`/api/artifacts/dataset/${version.id}?${new URLSearchParams({ org, file: file.name })}`}
                download={file.name}
                title={t("download", { name: file.name })}
              >
                {file.name}
              </Anchor>
            ) : (
              file.name
            )}
            <span className={`${styles.quiet} ${styles.push}`}>{formatBytes(file.bytes, locale)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
