"use client";

import { Button, NativeSelect, Stack, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useMutation } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { type FormEvent, useMemo, useState } from "react";
import { useTRPC } from "#components/api/client.ts";
import { ErrorNote } from "#components/api/error-note.tsx";
import { faultsOf } from "#components/recipe/draft/fault.ts";
import { FieldGrid } from "#components/recipe/form/field-grid.tsx";
import { numberOf } from "#components/recipe/form/number-of.ts";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import { Columns } from "#components/ui/columns.tsx";
import { Panel } from "#components/ui/panel.tsx";
import { StillMissing } from "#components/ui/still-missing.tsx";
import { seedSchema } from "#contracts/architecture.ts";
import type { RegisteredModel } from "#contracts/model.ts";
import { type Options, withValue } from "#contracts/step-options.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import type { Place } from "../use-place.ts";
import { fieldsOfKind, type Kind, kinds, startOf, wordsKey } from "./architectures.ts";
import { PreviewPanel, usePreview } from "./preview.tsx";

export interface BuildFormProps {
  readonly place: Place;
  readonly onRegistered: (made: RegisteredModel, fileName: string, uploadId: string) => void;
}

/** A calm moment after typing, before the server is asked what the sizes make. */
const calmMs = 250;

/** Choose an architecture and its sizes, see what they make, build it. */
export function BuildForm({ place, onRegistered }: BuildFormProps) {
  const t = useTranslations("model.build");
  const form = useTranslations("model.form");
  const common = useTranslations("common");
  const words = useTechniqueWords();
  const trpc = useTRPC();
  const { org, project } = place;
  const [kind, setKind] = useState<Kind>("mlp");
  const [all, setAll] = useState(startOf);
  const [name, setName] = useState<string>();
  const [description, setDescription] = useState("");
  const [seedText, setSeedText] = useState("1");
  const sizes = all[kind];
  const { architecture, faults } = useArchitecture(kind, sizes);
  const seed = seedSchema.safeParse(numberOf(seedText)).data;
  const [asked] = useDebouncedValue(architecture, calmMs);
  const { preview, isCurrent, error } = usePreview(org, asked);
  const shownName = name ?? words.name(wordsKey(kind));
  const { mutate, ...building } = useMutation({
    ...trpc.model.build.mutationOptions(),
    meta: { inline: true },
    onSuccess: (made) => onRegistered(made, shownName, made.uploadId),
  });
  const missing = [
    (architecture === undefined || seed === undefined) && t("needs.sizes"),
    architecture !== undefined && isCurrent && preview?.refusal != null && t("needs.buildable"),
    shownName.trim() === "" && t("needs.name"),
  ].filter((one) => one !== false);
  const isReady = missing.length === 0 && isCurrent && asked === architecture;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!isReady || architecture === undefined || seed === undefined) return;
    const trainingData = t("trainingData", { kind: words.name(wordsKey(kind)), seed: String(seed) });
    mutate({ org, project, name: shownName, description, trainingData, architecture, seed });
  };
  return (
    <form onSubmit={submit}>
      <Columns side={<PreviewPanel preview={preview} error={error} />}>
        <Panel>
          <Stack gap="md">
            <NativeSelect
              label={t("architecture")}
              description={words.text(wordsKey(kind))}
              inputWrapperOrder={["label", "input", "description", "error"]}
              value={kind}
              onChange={(event) => setKind(kinds.find((one) => one === event.currentTarget.value) ?? "mlp")}
              data={kinds.map((one) => ({ value: one, label: words.name(wordsKey(one)) }))}
            />
            <FieldGrid
              key={kind}
              use={wordsKey(kind)}
              fields={fieldsOfKind(kind)}
              options={sizes}
              faults={faults}
              onChange={(key, value) => setAll({ ...all, [kind]: withValue(sizes, [key], value) })}
            />
            <TextInput
              label={t("seed")}
              description={t("seedHelp")}
              inputWrapperOrder={["label", "input", "error", "description"]}
              inputMode="numeric"
              maw={260}
              value={seedText}
              onChange={(event) => setSeedText(event.currentTarget.value)}
              error={seed === undefined ? common("field.invalid") : undefined}
            />
            <TextInput
              label={common("name")}
              value={shownName}
              maxLength={120}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <Textarea
              label={form("description")}
              value={description}
              onChange={(event) => setDescription(event.currentTarget.value)}
              autosize
              minRows={2}
              maxRows={10}
            />
            <ErrorNote error={building.error} />
            <div>
              <Button
                type="submit"
                disabled={!isReady}
                loading={building.isPending || building.isSuccess}
                aria-describedby="build-missing"
              >
                {t("submit")}
              </Button>
              <StillMissing id="build-missing" title={t("missing")} missing={missing}>
                {t("lead")}
              </StillMissing>
            </div>
          </Stack>
        </Panel>
      </Columns>
    </form>
  );
}

/** The architecture that the sizes make, or what is wrong with them. */
function useArchitecture(kind: Kind, sizes: Options) {
  return useMemo(() => {
    const content = { ...sizes, kind };
    const parsed = architectureSchema.safeParse(content);
    return {
      architecture: parsed.data,
      faults: parsed.success ? [] : faultsOf(parsed.error.issues, content),
    };
  }, [kind, sizes]);
}
