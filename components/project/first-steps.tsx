"use client";

import { IconCheck } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { projectHref } from "#components/shell/rooms.ts";
import { usePermit } from "#components/shell/use-permit.ts";
import { LinkButton } from "#components/ui/links.tsx";
import { Panel } from "#components/ui/panel.tsx";
import type { ProjectRow } from "#contracts/organisation.ts";
import styles from "./project.module.css";

/** The way of a new project: a model, data, an experiment. What is done is ticked, the next step has the button. */
export function FirstSteps({ org, project }: { org: string; project: ProjectRow }) {
  const t = useTranslations("project");
  const permit = usePermit("experiment.create");
  const base = projectHref(org, project.slug);
  const steps = [
    { key: "model", href: `${base}/models`, isDone: project.counts.models > 0 },
    { key: "data", href: `${base}/datasets`, isDone: project.counts.datasets > 0 },
    { key: "experiment", href: `${base}/experiments`, isDone: project.counts.experiments > 0 },
  ] as const;
  const next = steps.find((step) => !step.isDone)?.key;
  return (
    <Panel title={t("firstSteps")} hint={permit.allowed ? undefined : t("firstStepsReader")}>
      <ol className={styles.steps}>
        {steps.map((step, index) => (
          <li key={step.key} className={styles.step} data-done={step.isDone || undefined}>
            <span className={styles.ordinal} aria-hidden>
              {step.isDone ? <IconCheck size={16} /> : index + 1}
            </span>
            <div>
              <h3 className={styles.stepTitle}>
                {t(`step.${step.key}`)}
                {step.isDone && <span className="visually-hidden"> {t("done")}</span>}
              </h3>
              <p className={styles.stepText}>{t(`step.${step.key}Text`)}</p>
            </div>
            {permit.allowed && !step.isDone && (
              <LinkButton href={step.href} variant={step.key === next ? "filled" : "default"}>
                {t(`step.${step.key}Action`)}
              </LinkButton>
            )}
          </li>
        ))}
      </ol>
    </Panel>
  );
}
