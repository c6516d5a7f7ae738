"use client";

import { Button } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { usePlace } from "#components/model/use-place.ts";
import { CopyButton } from "#components/ui/copy-button.tsx";
import { TextLink } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import { hasEnded, type RunDetail } from "#contracts/run.ts";
import styles from "./run.module.css";
import { downloadHref } from "./run-header.tsx";
import { useMetricText } from "./use-metric-text.ts";

/** What can be taken away from a run, and what names it. */
export function FilesPanel({ run, experiment }: { run: RunDetail; experiment: ExperimentDetail }) {
  const t = useTranslations("run.page");
  const common = useTranslations("common");
  const text = useMetricText();
  const place = usePlace();
  const bytes = run.measurements.find((row) => row.name === "size/file");
  const model = `${place.base}/models/${experiment.model.slug}`;
  return (
    <Panel title={t("files")}>
      {run.outputVersionId ? (
        <>
          <Button
            component="a"
            fullWidth
            variant="default"
            href={downloadHref(place.org, run.outputVersionId)}
            download
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {bytes ? t("downloadBytes", { size: text.quantity(bytes.value, bytes.unit) }) : t("download")}
          </Button>
          <p className={styles.note}>
            {common.rich("two", {
              first: () => t("fileKept"),
              second: () => <TextLink href={model}>{experiment.model.name}</TextLink>,
            })}
          </p>
        </>
      ) : (
        <p className={styles.note}>
          {run.isBaseline
            ? common.rich("two", {
                first: () => t("fileBaseline"),
                second: () => (
                  <TextLink href={`${model}/${experiment.model.number}`}>{experiment.model.name}</TextLink>
                ),
              })
            : t(hasEnded(run.state) ? "filesNone" : "filesLater")}
        </p>
      )}
      <p className={styles.id}>
        <span>{t("idOfRun")}</span>
        <code>{run.id}</code>
        <CopyButton value={run.id} />
      </p>
    </Panel>
  );
}
