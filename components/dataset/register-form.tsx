"use client";

import { Alert, Button, Group, SimpleGrid, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import styles from "#components/model/model.module.css";
import { usePlace } from "#components/model/use-place.ts";
import { Panel } from "#components/ui/panel.tsx";
import { DropArea } from "#components/upload/drop-area.tsx";
import { TransferList } from "#components/upload/transfer-list.tsx";
import type { Transfers } from "#components/upload/use-transfers.ts";
import { manifestSchema } from "#engine/evaluate/dataset/manifest.schema.ts";
import { type Draft, emptyDraft, isObject, textOf } from "./draft.ts";
import { LookedAt } from "./looked-at.tsx";
import { ManifestForm, useIssues } from "./manifest-form.tsx";
import type { RegisterDataset } from "./register-page.tsx";
import { useSuggestion } from "./use-suggestion.ts";

export interface RegisterFormProps {
  readonly transfers: Transfers;
  /** The dataset that gets a new version; without it, a new dataset. */
  readonly datasetId?: string;
  readonly error: unknown;
  readonly isBusy: boolean;
  readonly onRegister: (input: RegisterDataset) => void;
}

const noWords = { description: "", source: "", licence: "" };

/** Leads to the first field that is wrong, once it is marked as such. */
function showFirstProblem(form: HTMLFormElement): void {
  requestAnimationFrame(() => form.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());
}

/** Drop the files, check the description that they suggest, register. */
export function RegisterForm({ transfers, datasetId, error, isBusy, onRegister }: RegisterFormProps) {
  const t = useTranslations("dataset.form");
  const common = useTranslations("common");
  const trpc = useTRPC();
  const { org } = usePlace();
  const limit = useQuery(trpc.upload.limit.queryOptions({ org })).data?.bytes;
  const suggestion = useSuggestion(transfers.list);
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [words, setWords] = useState(noWords);
  // Counts suggestions that were taken over: text that is being written as YAML starts anew then.
  const [taking, setTaking] = useState(0);
  const [isTouched, setTouched] = useState(false);
  const [isAsked, setAsked] = useState(false);
  const suggested = suggestion.data?.manifest;
  const taken = useRef<unknown>(undefined);
  const take = () => {
    if (!suggested) return;
    const plain: unknown = JSON.parse(JSON.stringify(suggested));
    if (isObject(plain))
      setDraft((before) => ({ ...plain, name: textOf(before.name) || textOf(plain.name) }));
    setTouched(false);
    setTaking((count) => count + 1);
  };
  useEffect(() => {
    // What a person has changed is not overwritten by a later suggestion.
    if (!suggested || taken.current === suggested || isTouched) return;
    taken.current = suggested;
    take();
  });

  const files = suggestion.data?.files ?? [];
  const issues = useIssues(draft, files);
  const name = textOf(draft.name).trim();
  const problems = issues.length + (datasetId === undefined && name === "" ? 1 : 0);
  const hasFiles = transfers.list.length > 0;
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    setAsked(true);
    if (problems > 0) showFirstProblem(event.currentTarget);
    const manifest = manifestSchema.safeParse({ ...draft, name: name || "dataset" });
    if (problems > 0 || !suggestion.isComplete || !manifest.success) return;
    const target = datasetId === undefined ? { name, ...words } : { datasetId };
    onRegister({ files: suggestion.files, manifest: manifest.data, ...target });
  };
  const word = (key: keyof typeof noWords) => ({
    label: t(key),
    description: t(`${key}Help`),
    value: words[key],
    onChange: (event: { currentTarget: { value: string } }) => {
      const { value } = event.currentTarget;
      setWords((before) => ({ ...before, [key]: value }));
    },
  });
  return (
    <form onSubmit={submit} noValidate className={styles.form}>
      <Stack gap="md">
        <Panel title={t("filesTitle")}>
          <Stack gap="sm">
            <DropArea
              onFiles={transfers.add}
              isMultiple
              limit={limit}
              hint={t("hint")}
              isCompact={hasFiles}
            />
            <TransferList transfers={transfers} />
            <div role="status">
              {suggestion.isFetching && <Text size="sm">{t("looking")}</Text>}
              {suggestion.data && <LookedAt files={files} />}
            </div>
            <ErrorNote error={suggestion.error} onRetry={() => void suggestion.refetch()} />
          </Stack>
        </Panel>
        {hasFiles && datasetId === undefined && (
          <Panel title={t("about")}>
            <Stack gap="md">
              <TextInput
                label={common("name")}
                value={textOf(draft.name)}
                onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
                error={isAsked && name === "" ? common("field.required") : undefined}
                maxLength={120}
                required
                withAsterisk={false}
              />
              <Textarea {...word("description")} autosize minRows={2} maxRows={12} />
              <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
                <TextInput {...word("source")} maxLength={2_000} />
                <TextInput {...word("licence")} maxLength={200} />
              </SimpleGrid>
            </Stack>
          </Panel>
        )}
        {hasFiles && (
          <Panel
            title={t("manifest")}
            actions={
              isTouched &&
              suggested && (
                <Button size="compact-sm" variant="subtle" onClick={take}>
                  {t("again")}
                </Button>
              )
            }
          >
            <Stack gap="md">
              {suggestion.data && (
                <Alert
                  color={suggested ? "green" : "yellow"}
                  variant="light"
                  c="var(--mantine-color-text)"
                  p="xs"
                >
                  {suggestion.data.unequal
                    ? t("unequal", {
                        items: suggestion.data.unequal.items.file,
                        itemCount: suggestion.data.unequal.items.count,
                        labels: suggestion.data.unequal.labels.file,
                        labelCount: suggestion.data.unequal.labels.count,
                      })
                    : t(suggested ? "suggested" : "noSuggestion")}
                </Alert>
              )}
              <ManifestForm
                yamlKey={taking}
                draft={draft}
                onDraft={(next) => {
                  setDraft(next);
                  setTouched(true);
                }}
                files={files}
                showsIssues={isTouched || isAsked || suggested != null}
              />
            </Stack>
          </Panel>
        )}
        <ErrorNote error={error} />
        <Group gap="sm">
          <Button type="submit" disabled={!suggestion.isComplete} loading={isBusy}>
            {t("submit")}
          </Button>
          <Text size="sm" c={problems > 0 && isAsked ? "var(--app-worse)" : "dimmed"} role="status">
            {!hasFiles && t("needsFiles")}
            {hasFiles && !suggestion.isComplete && t("waits")}
            {suggestion.isComplete && problems > 0 && t("problems", { count: problems })}
          </Text>
        </Group>
      </Stack>
    </form>
  );
}
