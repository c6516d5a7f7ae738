"use client";

import { useTranslations } from "next-intl";
import type { ReactNode } from "react";
import { usePlace } from "#components/model/use-place.ts";
import { TextLink } from "#components/ui/links.tsx";
import { PageHeader } from "#components/ui/page-header.tsx";
import type { ComparedRun } from "./types.ts";
import { useExperimentOf } from "./use-experiment-of.ts";

export interface CompareHeaderProps {
  readonly runs: readonly ComparedRun[];
  readonly actions: ReactNode;
}

/** What is compared, of which experiment, model and data. */
export function CompareHeader({ runs, actions }: CompareHeaderProps) {
  const t = useTranslations("compare");
  const version = useTranslations("experiment");
  const rooms = useTranslations("shell.rooms");
  const place = usePlace();
  const [reference] = runs;
  const experiment = useExperimentOf({ experimentId: reference?.experimentId ?? "" });
  const experiments = new Set(runs.map((run) => run.experimentId)).size;
  const list = { label: rooms("experiments"), href: `${place.base}/experiments` };
  const own = reference && {
    label: reference.question,
    href: `${list.href}/${reference.experimentNumber}`,
  };
  return (
    <PageHeader
      title={t("heading", { count: runs.length })}
      crumbs={[...place.crumbs(), list, ...(own && experiments === 1 ? [own] : [])]}
      meta={
        <>
          {own && experiments === 1 && (
            <TextLink href={own.href} c="inherit">
              {own.label}
            </TextLink>
          )}
          {experiments > 1 && <span>{t("experiments", { count: experiments })}</span>}
          {experiment && experiments === 1 && (
            <>
              <TextLink
                href={`${place.base}/models/${experiment.model.slug}/${experiment.model.number}`}
                c="inherit"
              >
                {version("version", { name: experiment.model.name, number: experiment.model.number })}
              </TextLink>
              {experiment.dataset ? (
                <TextLink
                  href={`${place.base}/datasets/${experiment.dataset.slug}/${experiment.dataset.number}`}
                  c="inherit"
                >
                  {version("version", { name: experiment.dataset.name, number: experiment.dataset.number })}
                </TextLink>
              ) : (
                <span>{version("noDataset")}</span>
              )}
            </>
          )}
        </>
      }
      actions={actions}
    />
  );
}
