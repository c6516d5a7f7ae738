"use client";

import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconLock } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import styles from "#components/model/model.module.css";
import { usePlace } from "#components/model/use-place.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { formatBytes } from "#components/ui/format.ts";
import { Markdown } from "#components/ui/markdown.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { DatasetDetail, DatasetVersionDetail } from "#contracts/dataset.ts";
import { DatasetEdit } from "./dataset-edit.tsx";
import { taskName } from "./names.ts";

/** What is said of a dataset, and the fingerprint that fixes the version. */
export function DatasetCard({ dataset, version }: { dataset: DatasetDetail; version: DatasetVersionDetail }) {
  const t = useTranslations("dataset.card");
  const words = useTranslations("dataset");
  const locale = useLocale();
  const { may } = usePlace();
  const [isOpen, dialog] = useDisclosure(false);
  return (
    <Panel
      title={t("title")}
      actions={
        may("dataset.update") && (
          <Button size="compact-sm" variant="subtle" onClick={dialog.open}>
            {t("edit")}
          </Button>
        )
      }
    >
      {dataset.description === "" ? (
        <Text c="dimmed">{t("noDescription")}</Text>
      ) : (
        <Markdown>{dataset.description}</Markdown>
      )}
      <dl className={styles.facts} style={{ marginTop: 16 }}>
        <dt>{t("task")}</dt>
        <dd>{taskName(words, version.task)}</dd>
        <dt>{t("source")}</dt>
        <dd>{dataset.source === "" ? t("sourceUnknown") : <Source text={dataset.source} />}</dd>
        <dt>{t("licence")}</dt>
        <dd>{dataset.licence === "" ? t("licenceUnknown") : dataset.licence}</dd>
        <dt>{t("size")}</dt>
        <dd>{formatBytes(version.bytes, locale)}</dd>
        {version.digest && (
          <>
            <dt title={t("fingerprintHelp")}>{t("fingerprint")}</dt>
            <dd>
              <span className={styles.copied}>
                <span className={styles.hash}>{version.digest.slice(0, 12)}…</span>
                <CopyButton value={version.digest} />
              </span>
            </dd>
          </>
        )}
      </dl>
      <Text size="xs" c="dimmed" mt="xs">
        <IconLock size={14} aria-hidden style={{ verticalAlign: "-2px" }} /> {words("immutable")}
      </Text>
      <DatasetEdit dataset={dataset} opened={isOpen} onClose={dialog.close} />
    </Panel>
  );
}

/** A citation, or a link where it is an address. */
function Source({ text }: { text: string }) {
  return <Markdown>{/^https?:\/\/\S+$/.test(text) ? `<${text}>` : text}</Markdown>;
}
