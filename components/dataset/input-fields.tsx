"use client";

import { Button, Checkbox, Fieldset, Group, SimpleGrid, Stack, TagsInput, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useList } from "#components/ui/use-list.ts";
import { dataTypes } from "#engine/evaluate/dataset/manifest.schema.ts";
import { fromOf, tagsOf, unknownTags } from "./column-text.ts";
import { isObject, referenceOf, textOf, valueAt } from "./draft.ts";
import { ChoiceField, FileField, NumberField, order, TextField } from "./fields.tsx";
import { useColumns, useFieldError, useManifest } from "./manifest-context.tsx";
import { perElementOf, shapeOf, textOfPerElement, textOfShape } from "./shape-text.ts";

/** Which columns go into which input of a model, and how. */
export function InputFields() {
  const t = useTranslations("dataset.form");
  const { draft, set } = useManifest();
  const inputs = Array.isArray(draft.inputs) ? draft.inputs : [];
  return (
    <Stack gap="md">
      {inputs.map((_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an input has no identity but its place.
        <OneInput key={index} index={index} isOnly={inputs.length === 1} />
      ))}
      <Button
        variant="default"
        size="xs"
        leftSection={<IconPlus size={14} aria-hidden />}
        style={{ alignSelf: "start" }}
        onClick={() => set(["inputs", inputs.length], { to: inputs.length, from: "" })}
      >
        {t("addInput")}
      </Button>
    </Stack>
  );
}

function OneInput({ index, isOnly }: { index: number; isOnly: boolean }) {
  const t = useTranslations("dataset.form");
  const { draft, set } = useManifest();
  const path = ["inputs", index] as const;
  const input = valueAt(draft, path);
  const encode = isObject(input) ? textOf(input.encode) : "";
  const own = useFieldError(path.join("."));
  return (
    <Fieldset legend={t("input", { number: index + 1 })}>
      <Stack gap="sm">
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          <TextField path={[...path, "to"]} label={t("to")} description={t("toHelp")} parse={referenceOf} />
          <ColumnsField index={index} />
        </SimpleGrid>
        <SimpleGrid cols={{ base: 1, xs: 2, md: 3 }} spacing="sm">
          <ChoiceField
            path={[...path, "encode"]}
            label={t("encode")}
            data={(["none", "words", "index", "one-hot", "hash"] as const).map((value) => ({
              value: value === "none" ? "" : value,
              label: t(`encodings.${value}`),
            }))}
          />
          <ChoiceField
            path={[...path, "dtype"]}
            label={t("dtype")}
            data={[
              { value: "", label: t("dtypeAuto") },
              ...dataTypes.map((value) => ({ value, label: value })),
            ]}
          />
          <TextField
            path={[...path, "shape"]}
            label={t("shape")}
            description={t("shapeHelp")}
            parse={shapeOf}
            show={textOfShape}
          />
        </SimpleGrid>
        {encode === "" ? <NumberOptions index={index} /> : <TextOptions index={index} encode={encode} />}
        {own && (
          <Text size="sm" c="var(--app-worse)">
            {own}
          </Text>
        )}
        {!isOnly && (
          <Group justify="flex-end">
            <Button size="xs" variant="subtle" color="red" onClick={() => set(path, undefined)}>
              {t("removeInput", { number: index + 1 })}
            </Button>
          </Group>
        )}
      </Stack>
    </Fieldset>
  );
}

function ColumnsField({ index }: { index: number }) {
  const t = useTranslations("dataset.form");
  const { draft, set } = useManifest();
  const columns = useColumns();
  const path = ["inputs", index, "from"] as const;
  const list = useList();
  const tags = tagsOf(valueAt(draft, path), columns);
  const strangers = unknownTags(tags, columns);
  const error = useFieldError(path.join("."), true);
  return (
    <TagsInput
      label={t("from")}
      description={t("fromHelp")}
      inputWrapperOrder={order}
      value={tags}
      onChange={(next) => set(path, fromOf(next))}
      data={columns.slice(0, 500)}
      splitChars={[","]}
      maxDropdownHeight={240}
      error={error ?? (strangers.length > 0 ? t("unknownColumns", { columns: list(strangers) }) : undefined)}
    />
  );
}

function NumberOptions({ index }: { index: number }) {
  const t = useTranslations("dataset.form");
  const path = ["inputs", index] as const;
  const perElement = { parse: perElementOf, show: textOfPerElement };
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
      <NumberField path={[...path, "scale"]} label={t("scale")} description={t("scaleHelp")} step={0.01} />
      <TextField path={[...path, "mean"]} label={t("mean")} {...perElement} />
      <TextField path={[...path, "std"]} label={t("std")} {...perElement} />
      <ChoiceField
        path={[...path, "layout"]}
        label={t("layout")}
        data={[
          { value: "", label: t("layoutAuto") },
          { value: "NHWC", label: "NHWC" },
          { value: "NCHW", label: "NCHW" },
        ]}
      />
    </SimpleGrid>
  );
}

function TextOptions({ index, encode }: { index: number; encode: string }) {
  const t = useTranslations("dataset.form");
  const { draft, set } = useManifest();
  const path = ["inputs", index] as const;
  const isWords = encode === "words";
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {encode !== "hash" && <FileField path={[...path, "vocabulary"]} label={t("vocabulary")} />}
        {encode !== "index" && <NumberField path={[...path, "length"]} label={t("length")} />}
        {isWords && <NumberField path={[...path, "pad"]} label={t("pad")} />}
        {isWords && <NumberField path={[...path, "unknown"]} label={t("unknown")} />}
      </SimpleGrid>
      {(isWords || encode === "hash") && (
        <Checkbox
          label={t("lowercase")}
          checked={valueAt(draft, [...path, "lowercase"]) !== false}
          onChange={(event) => set([...path, "lowercase"], event.currentTarget.checked ? undefined : false)}
        />
      )}
    </Stack>
  );
}
