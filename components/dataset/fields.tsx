"use client";

import { NumberInput, Select, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import { type Json, numberOf, type Path, textOf, valueAt } from "./draft.ts";
import { useFieldError, useManifest } from "./manifest-context.tsx";

/** Help stands below, so that fields side by side are level. */
export const order: ("label" | "input" | "description" | "error")[] = [
  "label",
  "input",
  "description",
  "error",
];

interface FieldProps {
  readonly path: Path;
  readonly label: string;
  readonly description?: string;
}

/** A text at a path of the manifest; `parse` and `show` where it stands for something else than itself. */
export function TextField({
  path,
  label,
  description,
  parse = (text) => text,
  show = textOf,
}: FieldProps & {
  readonly parse?: (text: string) => Json | undefined;
  readonly show?: (value: Json | undefined) => string;
}) {
  const { draft, set } = useManifest();
  return (
    <TextInput
      label={label}
      description={description}
      inputWrapperOrder={order}
      value={show(valueAt(draft, path))}
      onChange={(event) => set(path, parse(event.currentTarget.value))}
      error={useFieldError(path.join("."), true)}
    />
  );
}

export function NumberField({ path, label, description, step }: FieldProps & { readonly step?: number }) {
  const { draft, set } = useManifest();
  const value = numberOf(valueAt(draft, path));
  return (
    <NumberInput
      label={label}
      description={description}
      inputWrapperOrder={order}
      value={value ?? ""}
      onChange={(next) => set(path, typeof next === "number" ? next : undefined)}
      step={step ?? 1}
      hideControls
      decimalScale={12}
      error={useFieldError(path.join("."))}
    />
  );
}

/** One of the choices; the first of `data` with an empty value means: not set. */
export function ChoiceField({
  path,
  label,
  description,
  data,
}: FieldProps & { readonly data: readonly { readonly value: string; readonly label: string }[] }) {
  const { draft, set } = useManifest();
  return (
    <Select
      label={label}
      description={description}
      inputWrapperOrder={order}
      data={[...data]}
      value={textOf(valueAt(draft, path))}
      onChange={(value) => set(path, value ? value : undefined)}
      error={useFieldError(path.join("."), true)}
      searchable={data.length > 10}
      maxDropdownHeight={280}
    />
  );
}

/** One of the files that were dropped. */
export function FileField(props: FieldProps) {
  const t = useTranslations("dataset.form");
  const { files } = useManifest();
  const data = [
    { value: "", label: t("noFile") },
    ...files.map(({ name }) => ({ value: name, label: name })),
  ];
  return <ChoiceField {...props} data={data} />;
}
