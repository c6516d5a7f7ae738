"use client";

import { Divider, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type ReactNode, useMemo, useState } from "react";
import type { LookedAtFile } from "#contracts/dataset.ts";
import { CsvFields } from "./csv-fields.tsx";
import { type Draft, isObject, textOf, withValue } from "./draft.ts";
import { InputFields } from "./input-fields.tsx";
import { type FieldIssue, issuesOf } from "./issues.ts";
import { LabelFields } from "./label-fields.tsx";
import { ManifestContext } from "./manifest-context.tsx";
import { SplitsFields } from "./splits-fields.tsx";
import { YamlView } from "./yaml-view.tsx";

export interface ManifestFormProps {
  readonly draft: Draft;
  readonly onDraft: (draft: Draft) => void;
  readonly files: readonly LookedAtFile[];
  /** Changes when the draft was replaced from elsewhere. */
  readonly yamlKey: number;
  /** False before anything was filled in: an empty form is no mistake yet. */
  readonly showsIssues: boolean;
}

/** What is wrong with a draft for these files. The dataset's name is asked for elsewhere. */
export function useIssues(draft: Draft, files: readonly LookedAtFile[]): FieldIssue[] {
  return useMemo(
    () =>
      issuesOf(
        { ...draft, name: textOf(draft.name) || "-" },
        files.map(({ name }) => name),
      ),
    [draft, files],
  );
}

/** The description of a dataset: as a form, or as YAML. */
export function ManifestForm({ draft, onDraft, files, yamlKey, showsIssues }: ManifestFormProps) {
  const t = useTranslations("dataset");
  const [view, setView] = useState<"form" | "yaml">("form");
  const all = useIssues(draft, files);
  const issues = showsIssues ? all : [];
  const context: ManifestContext = {
    draft,
    files,
    issues,
    set: (path, value) => {
      const next = withValue(draft, path, value);
      if (isObject(next)) onDraft(next);
    },
  };
  const task = textOf(draft.task);
  const known = (["classification", "regression", "ranking"] as const).find((each) => each === task);
  return (
    <ManifestContext value={context}>
      <Stack gap="md">
        <SegmentedControl
          aria-label={t("form.view")}
          value={view}
          onChange={(next) => setView(next === "yaml" ? "yaml" : "form")}
          data={[
            { value: "form", label: t("form.asForm") },
            { value: "yaml", label: t("form.asYaml") },
          ]}
          style={{ alignSelf: "start" }}
        />
        {view === "yaml" ? (
          <YamlView key={yamlKey} onDraft={onDraft} />
        ) : (
          <>
            <Part title={t("form.task")}>
              <SegmentedControl
                aria-label={t("form.task")}
                value={known ?? ""}
                onChange={(value) => context.set(["task"], value)}
                data={(["classification", "regression", "ranking"] as const).map((value) => ({
                  value,
                  label: t(`task.${value}`),
                }))}
                style={{ alignSelf: "start", maxWidth: "100%" }}
              />
              {known && (
                <Text size="xs" c="dimmed">
                  {t(`taskHelp.${known}`)}
                </Text>
              )}
            </Part>
            <Part title={t("form.splitsTitle")}>
              <SplitsFields />
            </Part>
            <Part title={t("form.inputsTitle")}>
              <InputFields />
            </Part>
            <Part title={t("form.labelTitle")}>
              <LabelFields />
            </Part>
            {files.some((file) => file.kind === "csv") && (
              <Part title={t("form.csvTitle")}>
                <CsvFields />
              </Part>
            )}
          </>
        )}
      </Stack>
    </ManifestContext>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title}>
      <Divider mb="sm" />
      <Title order={3} mb={8}>
        {title}
      </Title>
      <Stack gap="xs">{children}</Stack>
    </section>
  );
}
