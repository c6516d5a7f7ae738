"use client";

import { IconArrowsDiff, IconCompass } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { ErrorNote } from "#components/api/error-note.tsx";
import { usePlace } from "#components/model/use-place.ts";
import { EmptyState } from "#components/ui/empty-state.tsx";
import { LinkButton } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import { PageSkeleton } from "#components/ui/page-skeleton.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { RunDetail } from "#contracts/run.ts";
import { AddRun } from "./add-run.tsx";

export interface NothingToCompareProps {
  /** The address names no run at all. */
  readonly isEmpty: boolean;
  readonly isReading: boolean;
  readonly error: unknown;
  readonly onRetry: () => void;
  readonly only: RunDetail | undefined;
  readonly onAdd: (runId: string) => void;
}

/** What stands here while there are fewer than two runs to show, and the way on. */
export function NothingToCompare(props: NothingToCompareProps) {
  const t = useTranslations("compare");
  const rooms = useTranslations("shell.rooms");
  const common = useTranslations("common");
  const place = usePlace();
  if (props.isReading) return <PageSkeleton label={common("loading")} />;
  return (
    <>
      <PageHeader
        title={t("title")}
        crumbs={[...place.crumbs(), { label: rooms("experiments"), href: `${place.base}/experiments` }]}
      />
      <ErrorNote error={props.error} onRetry={props.onRetry} />
      <Panel>
        {props.only ? (
          <TooFew only={props.only} onAdd={props.onAdd} />
        ) : (
          <Invitation isEmpty={props.isEmpty} />
        )}
      </Panel>
    </>
  );
}

function Invitation({ isEmpty }: { isEmpty: boolean }) {
  const t = useTranslations("compare");
  const place = usePlace();
  const room = isEmpty ? "empty" : "missing";
  const Icon = isEmpty ? IconArrowsDiff : IconCompass;
  return (
    <EmptyState
      icon={<Icon size={24} stroke={1.6} />}
      title={t(`${room}.title`)}
      actions={<LinkButton href={`${place.base}/experiments`}>{t("empty.action")}</LinkButton>}
    >
      {t(`${room}.text`)}
    </EmptyState>
  );
}

function TooFew({ only, onAdd }: { only: RunDetail; onAdd: (runId: string) => void }) {
  const t = useTranslations("compare.tooFew");
  const place = usePlace();
  const { baselineRunId } = only;
  return (
    <EmptyState
      icon={<IconArrowsDiff size={24} stroke={1.6} />}
      title={t("title")}
      actions={
        <>
          {baselineRunId && !only.isBaseline && (
            <LinkButton href={`${place.base}/compare?runs=${baselineRunId},${only.id}`}>
              {t("baseline")}
            </LinkButton>
          )}
          <AddRun experimentId={only.experimentId} chosen={[only.id]} onAdd={onAdd} />
          <LinkButton variant="default" href={`${place.base}/experiments/${only.experimentNumber}`}>
            {t("experiment")}
          </LinkButton>
        </>
      }
    >
      {t("text", { recipe: only.recipeName })}
    </EmptyState>
  );
}
