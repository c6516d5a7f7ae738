"use client";

import { Alert, Loader, Stack } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { usePlace } from "#components/model/use-place.ts";
import { Columns } from "#components/ui/columns.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import { useUploadRows } from "#components/upload/use-upload-rows.ts";
import type { DatasetDetail, DatasetVersionDetail } from "#contracts/dataset.ts";
import { DatasetCard } from "./dataset-card.tsx";
import { FilesPanel } from "./files-panel.tsx";
import { LabelPanel } from "./label-panel.tsx";
import { ManifestPanel } from "./manifest-panel.tsx";
import { taskName } from "./names.ts";
import { PreviewPanel } from "./preview-panel.tsx";
import { RemarksPanel } from "./remarks-panel.tsx";
import { SplitsPanel } from "./splits-panel.tsx";
import { VersionsPanel } from "./versions-panel.tsx";

export interface DatasetPageProps {
  readonly dataset: Loaded<DatasetDetail>;
  readonly version: Loaded<DatasetVersionDetail>;
}

/** One version of a dataset: what is in it, how it is split, where it comes from. */
export function DatasetPage(props: DatasetPageProps) {
  const t = useTranslations("dataset");
  const trpc = useTRPC();
  const place = usePlace();
  const at = { org: place.org, project: place.project, dataset: props.dataset.data.slug };
  const dataset = useLoaded(trpc.dataset.get.queryOptions(at), props.dataset).data;
  const query = useLoaded(
    trpc.dataset.version.queryOptions({ ...at, number: props.version.data.number }),
    props.version,
  );
  const version = query.data;
  const { summary } = version;
  return (
    <>
      <PageHeader
        title={`${dataset.name} · ${t("version", { number: version.number })}`}
        crumbs={place.crumbs("datasets")}
        meta={
          <>
            <span>{taskName(t, version.task)}</span>
            <span>{t("by", { name: version.createdBy })}</span>
            <TimeAgo at={version.createdAt} />
          </>
        }
        actions={
          place.may("dataset.create") && (
            <LinkButton href={`${place.base}/datasets/${dataset.slug}/new`} variant="default">
              {t("newVersion")}
            </LinkButton>
          )
        }
      />
      <Stack gap="md">
        <ErrorNote error={query.error} />
        {version.state === "checking" && <Checking org={place.org} project={place.project} />}
        <Columns
          side={
            <>
              <DatasetCard dataset={dataset} version={version} />
              <VersionsPanel dataset={dataset} current={version.number} />
              <FilesPanel org={place.org} version={version} />
            </>
          }
        >
          <RemarksPanel remarks={summary?.remarks} />
          {summary && <SplitsPanel summary={summary} manifest={version.manifest} />}
          {summary && <LabelPanel summary={summary} />}
          {summary && <PreviewPanel summary={summary} />}
          <ManifestPanel manifest={version.manifest} />
        </Columns>
      </Stack>
    </>
  );
}

/** Keeps listening, so that the result is shown as soon as it is there. */
function Checking({ org, project }: { org: string; project: string }) {
  const t = useTranslations("dataset");
  useUploadRows(org, project);
  return (
    <Alert
      role="status"
      color="gray"
      variant="light"
      c="var(--mantine-color-text)"
      icon={<Loader size={16} aria-hidden />}
      title={t("checkingTitle")}
    >
      {t("checkingText")}
    </Alert>
  );
}
