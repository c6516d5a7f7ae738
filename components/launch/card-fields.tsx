"use client";

import { Checkbox, Group, NativeSelect, Stack, TagsInput, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { type CardChoice, type CardField, fieldValue, withField } from "#contracts/recipe-card.ts";

export interface CardFieldsProps {
  readonly fields: readonly CardField[];
  readonly choice: CardChoice;
  readonly onChange: (choice: CardChoice) => void;
}

/** The options of a recipe's step, each with its default. */
export function CardFields({ fields, choice, onChange }: CardFieldsProps) {
  return (
    <Stack gap="sm">
      {fields.map((field) => (
        <Field key={field.key} field={field} choice={choice} onChange={onChange} />
      ))}
    </Stack>
  );
}

type FieldProps = Omit<CardFieldsProps, "fields"> & { readonly field: CardField };

function useField({ field, choice, onChange }: FieldProps) {
  const t = useTranslations("experiment.launch.field");
  const value = fieldValue(choice.step, field.key);
  return {
    t,
    value,
    set: (next: unknown) => {
      const step = withField(choice.step, field.key, next);
      if (step) onChange({ ...choice, step });
      return step !== undefined;
    },
  };
}

function Field(props: FieldProps) {
  const { field } = props;
  const { t, value, set } = useField(props);
  switch (field.kind) {
    case "shares":
      return <Shares {...props} />;
    case "names":
      return <Names {...props} />;
    case "flag":
      return (
        <Checkbox
          size="xs"
          label={t(`${field.key}.label`)}
          description={t(`${field.key}.help`)}
          checked={value === true}
          onChange={(event) => set(event.currentTarget.checked)}
        />
      );
    case "choice":
      return (
        <NativeSelect
          size="xs"
          label={t(`${field.key}.label`)}
          description={t(`${field.key}.help`)}
          value={String(value)}
          data={field.options.map((option) => ({ value: option, label: option }))}
          onChange={(event) => set(event.currentTarget.value)}
        />
      );
    case "choices":
      return (
        <Checkbox.Group
          size="xs"
          label={t(`${field.key}.label`)}
          description={t(`${field.key}.help`)}
          value={Array.isArray(value) ? value.map(String) : []}
          // At least one stays ticked: the schema refuses an empty list.
          onChange={(chosen) => set(chosen)}
        >
          <Group gap="xs" mt={6}>
            {field.options.map((option) => (
              <Checkbox key={option} size="xs" value={option} label={option} />
            ))}
          </Group>
        </Checkbox.Group>
      );
  }
}

/** Shares are typed in per cent; each one is a run. */
function Shares({ field, choice, onChange }: FieldProps) {
  const t = useTranslations("experiment.launch.field");
  const [isWrong, setIsWrong] = useState(false);
  const fallback = field.kind === "shares" ? field.fallback : 0;
  const change = (texts: string[]) => {
    // Pasted lists come as one text.
    const parts = texts.flatMap((text) => text.split(/[\s,;，、；]+/)).filter((part) => part !== "");
    const numbers = parts.map((text) => Number(text.replace(/[%％]$/, "")) / 100);
    const fits = numbers.every((number) => number > 0 && number < 1);
    setIsWrong(!fits);
    const usable = numbers.filter((number) => number > 0 && number < 1);
    onChange({ ...choice, shares: [...new Set(usable.map((number) => Number(number.toFixed(4))))] });
  };
  return (
    <TagsInput
      size="xs"
      label={t(`${field.key}.label`)}
      description={t(`${field.key}.help`)}
      placeholder={choice.shares.length === 0 ? String(fallback * 100) : undefined}
      value={choice.shares.map((share) => String(Number((share * 100).toFixed(2))))}
      onChange={change}
      error={isWrong ? t("sharesError") : undefined}
      splitChars={[",", " ", "，", "、"]}
      maxTags={12}
      acceptValueOnBlur
      // The frame around it shows the focus.
      styles={{ inputField: { outline: "none" } }}
    />
  );
}

/** One name per line. What is typed is kept as typed; the step gets the names in it. */
function Names(props: FieldProps) {
  const { field } = props;
  const { t, value, set } = useField(props);
  const [text, setText] = useState(Array.isArray(value) ? value.join("\n") : "");
  return (
    <Textarea
      size="xs"
      label={t(`${field.key}.label`)}
      description={t(`${field.key}.help`)}
      value={text}
      autosize
      minRows={1}
      maxRows={6}
      onChange={(event) => {
        setText(event.currentTarget.value);
        const names = event.currentTarget.value.split("\n").map((line) => line.trim());
        set([...new Set(names.filter((name) => name !== ""))]);
      }}
    />
  );
}
