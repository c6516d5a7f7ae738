"use client";

import { Alert, Badge, Loader } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { type Loaded, useLoaded } from "#components/api/use-loaded.ts";
import { NotesPanel } from "#components/note/notes-panel.tsx";
import { Columns } from "#components/ui/columns.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import { useUploadRows } from "#components/upload/use-upload-rows.ts";
import type { ModelDetail, ModelLineage, ModelVersionDetail } from "#contracts/model.ts";
import { ConversionPanel } from "./conversion-panel.tsx";
import { DownloadButton } from "./download-button.tsx";
import { FilePanel } from "./file-panel.tsx";
import { InitialisersPanel } from "./initialisers-panel.tsx";
import { LineagePanel } from "./lineage-panel.tsx";
import styles from "./model.module.css";
import { ModelCard } from "./model-card.tsx";
import { OperatorsPanel } from "./operators-panel.tsx";
import { SignaturePanel } from "./signature-panel.tsx";
import { UntrainedNotice } from "./untrained-notice.tsx";
import { usePlace } from "./use-place.ts";
import { VersionsPanel } from "./versions-panel.tsx";

export interface ModelPageProps {
  readonly model: Loaded<ModelDetail>;
  readonly version: Loaded<ModelVersionDetail>;
  readonly lineage: Loaded<ModelLineage>;
}

/** One version of a model: what it is made of, where it comes from, what is known of it. */
export function ModelPage(props: ModelPageProps) {
  const t = useTranslations("model");
  const trpc = useTRPC();
  const place = usePlace();
  const at = { org: place.org, project: place.project, model: props.model.data.slug };
  const model = useLoaded(trpc.model.get.queryOptions(at), props.model).data;
  const query = useLoaded(
    trpc.model.version.queryOptions({ ...at, number: props.version.data.number }),
    props.version,
  );
  const version = query.data;
  const inspection = version.inspection;
  const lineage = useLoaded(trpc.model.lineage.queryOptions(at), props.lineage);
  return (
    <>
      <PageHeader
        title={`${model.name} · ${t("version", { number: version.number })}`}
        crumbs={place.crumbs("models")}
        meta={
          <>
            <span>{version.fileName}</span>
            <span>{t("by", { name: version.createdBy })}</span>
            <TimeAgo at={version.createdAt} />
            {inspection?.untrained && <Badge color="gray">{t("untrained.badge")}</Badge>}
          </>
        }
        actions={
          <>
            {place.may("model.create") && (
              <LinkButton href={`${place.base}/models/${model.slug}/new`} variant="default">
                {t("newVersion")}
              </LinkButton>
            )}
            {version.state === "ready" && <DownloadButton org={place.org} version={version} />}
          </>
        }
      />
      <div className={styles.stack}>
        {/* A version that is refused while the page is open is not found any more. */}
        <ErrorNote error={query.error} />
        <UntrainedNotice version={version} />
        {version.state === "checking" && <Checking org={place.org} project={place.project} />}
        <Columns
          side={
            <>
              <FilePanel
                version={version}
                made={lineage.data.edges.find(({ versionId }) => versionId === version.id)}
              />
              <ModelCard model={model} />
              <VersionsPanel model={model} current={version.number} />
              <NotesPanel subject="model" subjectId={model.id} />
            </>
          }
        >
          {inspection && <SignaturePanel inspection={inspection} />}
          {version.conversion && <ConversionPanel version={version} conversion={version.conversion} />}
          <ErrorNote error={lineage.error} />
          <LineagePanel lineage={lineage.data} current={version.id} slug={model.slug} />
          {inspection && <OperatorsPanel operators={inspection.operators} />}
          {inspection && <InitialisersPanel initialisers={inspection.initializers} />}
        </Columns>
      </div>
    </>
  );
}

/** Keeps listening, so that the result is shown as soon as it is there. */
function Checking({ org, project }: { org: string; project: string }) {
  const t = useTranslations("model");
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
