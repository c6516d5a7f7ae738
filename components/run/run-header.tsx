"use client";

import { Button, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconDownload, IconPlayerStop, IconRefresh } from "@tabler/icons-react";
import { useLocale, useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { usePlace } from "#components/model/use-place.ts";
import { ConfirmDialog } from "#components/ui/confirm-dialog.tsx";
import { formatDuration } from "#components/ui/format.ts";
import { LinkButton, TextLink } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { TimeAgo } from "#components/ui/time-ago.tsx";
import type { ExperimentDetail } from "#contracts/experiment.ts";
import { hasEnded, type RunDetail } from "#contracts/run.ts";
import { StateBadge } from "./state-badge.tsx";
import { useRecipeName } from "./use-recipe-name.ts";
import { useRunControl } from "./use-run-control.ts";

export interface RunHeaderProps {
  readonly run: RunDetail;
  readonly experiment: ExperimentDetail;
  readonly actions: ReactNode;
}

/** Where a file of a model version comes from. */
export function downloadHref(org: string, versionId: string): string {
  return `/api/artifacts/model/${versionId}?org=${org}`;
}

/** A run's name, state and facts, and what can be done with it. */
export function RunHeader({ run, experiment, actions }: RunHeaderProps) {
  const t = useTranslations("run");
  const rooms = useTranslations("shell.rooms");
  const version = useTranslations("experiment");
  const place = usePlace();
  const crumbs = [
    ...place.crumbs(),
    { label: rooms("experiments"), href: `${place.base}/experiments` },
    { label: experiment.question, href: `${place.base}/experiments/${experiment.number}` },
  ];
  return (
    <PageHeader
      title={t("title", { number: run.number, recipe: useRecipeName()(run) })}
      crumbs={crumbs}
      meta={
        <>
          <StateBadge state={run.state} cancelling={run.cancelRequested} />
          <Origin run={run} />
          <TextLink
            href={`${place.base}/models/${experiment.model.slug}/${experiment.model.number}`}
            c="inherit"
          >
            {version("version", { name: experiment.model.name, number: experiment.model.number })}
          </TextLink>
          <span>
            {experiment.dataset
              ? version("version", { name: experiment.dataset.name, number: experiment.dataset.number })
              : version("noDataset")}
          </span>
          <Times run={run} />
          {run.worker && <span>{t("page.on", { host: run.worker.hostName })}</span>}
          {run.attempt > 1 && (
            <span>{t("page.attempt", { attempt: run.attempt, max: run.maxAttempts })}</span>
          )}
        </>
      }
      actions={
        <>
          {actions}
          <Control run={run} />
        </>
      }
    />
  );
}

/** The saved recipe that it was launched with. */
function Origin({ run: { recipeOrigin } }: { run: RunDetail }) {
  const t = useTranslations("recipe.page");
  const place = usePlace();
  if (!recipeOrigin) return null;
  const { slug, name, number } = recipeOrigin;
  return (
    <TextLink href={`${place.base}/recipes/${slug}/${number}`} c="inherit">
      {t("origin", { name, number })}
    </TextLink>
  );
}

function Times({ run }: { run: RunDetail }) {
  const t = useTranslations("run.page");
  const locale = useLocale();
  if (!run.startedAt) return null;
  if (!run.endedAt) {
    return (
      <span>
        {t("started")} <TimeAgo at={run.startedAt} />
      </span>
    );
  }
  const seconds = Math.max(0, (run.endedAt.getTime() - run.startedAt.getTime()) / 1_000);
  return (
    <>
      <span>
        {t("ended")} <TimeAgo at={run.endedAt} />
      </span>
      <span>{t("took", { time: formatDuration(Math.round(seconds), locale) })}</span>
    </>
  );
}

function Control({ run }: { run: RunDetail }) {
  const t = useTranslations("run.page");
  const place = usePlace();
  const control = useRunControl(place.org);
  const [isAsking, ask] = useDisclosure(false);
  const isActive = !hasEnded(run.state);
  const canRetry = run.state === "failed" || run.state === "cancelled";
  return (
    <>
      {run.baselineRunId && !run.isBaseline && run.state === "succeeded" && (
        <LinkButton variant="default" href={`${place.base}/compare?runs=${run.baselineRunId},${run.id}`}>
          {t("compare")}
        </LinkButton>
      )}
      {run.outputVersionId && (
        <Button
          component="a"
          href={downloadHref(place.org, run.outputVersionId)}
          download
          leftSection={<IconDownload size={16} aria-hidden />}
        >
          {t("download")}
        </Button>
      )}
      {control.isAllowed && isActive && (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={16} aria-hidden />}
          disabled={run.cancelRequested}
          onClick={ask.open}
        >
          {t("cancel")}
        </Button>
      )}
      {control.isAllowed && canRetry && (
        <Button
          leftSection={<IconRefresh size={16} aria-hidden />}
          loading={control.isBusy}
          onClick={() => control.retry(run.id)}
        >
          {t("retry")}
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        onClose={ask.close}
        title={t("cancelTitle")}
        action={t("cancel")}
        busy={control.isBusy}
        onConfirm={() => {
          control.cancel(run.id);
          ask.close();
        }}
      >
        <Text size="sm">{t("cancelText", { recipe: run.recipeName })}</Text>
      </ConfirmDialog>
    </>
  );
}
