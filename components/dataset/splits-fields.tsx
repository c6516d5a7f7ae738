"use client";

import { SegmentedControl, Select, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { SplitName as Split } from "#engine/evaluate/dataset/manifest.schema.ts";
import { isObject, type JsonObject } from "./draft.ts";
import { ChoiceField, FileField, NumberField } from "./fields.tsx";
import { useColumns, useFieldError, useManifest } from "./manifest-context.tsx";
import { modeOf, partsOf, type SplitMode, splitsFor } from "./split-mode.ts";

/** Items that quantisation is usually calibrated on. */
const startAmount = 300;

/** Which items belong to which split: given per file, by a column, or cut by seed. */
export function SplitsFields() {
  const t = useTranslations("dataset.form");
  const { draft, set, files } = useManifest();
  const splits: JsonObject = isObject(draft.splits) ? draft.splits : {};
  const mode = modeOf(splits);
  const own = useFieldError("splits");
  const noFile = useFieldError("splits.file");
  // Where each split has its own file there is no field for "file" that could say that all are missing.
  const error = own ?? (mode === "given" ? noFile : undefined);
  const choose = (next: string) => {
    if (next === "given" || next === "column" || next === "seed")
      set(["splits"], splitsFor(next, splits, files));
  };
  const choices: readonly { value: SplitMode; label: string }[] = [
    { value: "given", label: t("splitsGiven") },
    { value: "column", label: t("splitsColumn") },
    { value: "seed", label: t("splitsSeed") },
  ];
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label={t("splitsHow")}
        value={mode}
        onChange={choose}
        data={[...choices]}
        style={{ alignSelf: "start", maxWidth: "100%" }}
      />
      {mode === "given" ? <GivenFields splits={splits} /> : <WholeFields mode={mode} splits={splits} />}
      {error && (
        <Text size="sm" c="var(--app-worse)">
          {error}
        </Text>
      )}
    </Stack>
  );
}

function GivenFields({ splits }: { splits: JsonObject }) {
  return (
    <Stack gap="sm">
      <SourceFields split="train" splits={splits} />
      <OptionalSource split="calibration" splits={splits} />
      <OptionalSource split="tuning" splits={splits} />
      <SourceFields split="test" splits={splits} />
    </Stack>
  );
}

/** One file, or for IDX one per column. */
function SourceFields({ split, splits }: { split: Split; splits: JsonObject }) {
  const t = useTranslations("dataset");
  const { files } = useManifest();
  const partName = usePartName();
  const parts = partsOf(splits, files);
  if (parts.length === 0) return <FileField path={["splits", split]} label={t(`split.${split}`)} />;
  return (
    <SimpleGrid cols={{ base: 1, sm: parts.length }} spacing="sm">
      {parts.map((part) => (
        <FileField
          key={part}
          path={["splits", split, part]}
          label={t("form.fileOf", { split: t(`split.${split}`), part: partName(part) })}
        />
      ))}
    </SimpleGrid>
  );
}

/** A split that need not be there: none, so many of the training items, or a file of its own. */
function OptionalSource({ split, splits }: { split: "calibration" | "tuning"; splits: JsonObject }) {
  const t = useTranslations("dataset");
  const { set, files } = useManifest();
  const value = splits[split];
  const kind = value === undefined ? "none" : typeof value === "number" ? "cut" : "file";
  const choose = (next: string | null) => {
    const file = partsOf(splits, files).length > 0 ? {} : "";
    set(["splits", split], next === "cut" ? startAmount : next === "file" ? file : undefined);
  };
  return (
    <SimpleGrid cols={{ base: 1, sm: kind === "cut" ? 2 : 1 }} spacing="sm">
      <Select
        label={t("form.sourceOf", { split: t(`split.${split}`) })}
        data={(["none", "cut", "file"] as const).map((each) => ({
          value: each,
          label: t(`form.sources.${each}`),
        }))}
        value={kind}
        onChange={choose}
      />
      {kind === "cut" && <AmountField split={split} withHelp />}
      {kind === "file" && <SourceFields split={split} splits={splits} />}
    </SimpleGrid>
  );
}

/** The usual columns of IDX files in words, others by the names that they have. */
function usePartName(): (part: string) => string {
  const t = useTranslations("dataset.form.part");
  return (part) => (part === "images" || part === "labels" ? t(part) : part);
}

function WholeFields({ mode, splits }: { mode: "column" | "seed"; splits: JsonObject }) {
  const t = useTranslations("dataset.form");
  const { files } = useManifest();
  const columns = useColumns();
  const partName = usePartName();
  const parts = partsOf(splits, files);
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: Math.max(1, parts.length) }} spacing="sm">
        {parts.length === 0 ? (
          <FileField path={["splits", "file"]} label={t("file")} />
        ) : (
          parts.map((part) => (
            <FileField
              key={part}
              path={["splits", "file", part]}
              label={t("fileOfPart", { part: partName(part) })}
            />
          ))
        )}
      </SimpleGrid>
      {mode === "column" && (
        <ChoiceField
          path={["splits", "column"]}
          label={t("column")}
          data={columns.map((name) => ({ value: name, label: name }))}
        />
      )}
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        {mode === "seed" && <NumberField path={["splits", "seed"]} label={t("seed")} />}
        {mode === "seed" && <AmountField split="test" />}
        <AmountField split="tuning" />
        <AmountField split="calibration" />
      </SimpleGrid>
      <Text size="xs" c="dimmed">
        {t("amountHelp")}
      </Text>
    </Stack>
  );
}

function AmountField({ split, withHelp }: { split: Split; withHelp?: boolean }) {
  const t = useTranslations("dataset");
  return (
    <NumberField
      path={["splits", split]}
      label={t("form.amount", { split: t(`split.${split}`) })}
      {...(withHelp && { description: t("form.amountHelp") })}
      step={0.05}
    />
  );
}
