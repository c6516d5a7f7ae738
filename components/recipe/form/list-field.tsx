"use client";

import { TagsInput, Text } from "@mantine/core";
import { useLocale, useTranslations } from "next-intl";
import { formatCount } from "#components/ui/format.ts";
import type { FieldOf } from "#contracts/step-form.ts";
import type { FieldProps } from "./field-props.ts";
import { useFrame } from "./use-frame.tsx";

/** Entries that a field can show before it takes the page with it. */
const mostShown = 200;

/** Any number of texts, entered one at a time or pasted line by line. */
export function ListField(props: FieldProps<FieldOf<"list">>) {
  const { field, value, onChange } = props;
  const t = useTranslations("recipe.form");
  const locale = useLocale();
  const shown: unknown = value ?? field.fallback ?? [];
  const entries = Array.isArray(shown) ? shown : [shown];
  const frame = useFrame(props, { value: entries });
  if (entries.length > mostShown) {
    return (
      <div>
        <Text component="span" size="sm" fw={500}>
          {frame.label}
        </Text>
        <Text size="xs" c="dimmed">
          {t("listLong", { count: formatCount(entries.length, locale) })}
        </Text>
      </div>
    );
  }
  const change = (texts: string[]) => {
    const parts = texts.flatMap((text) => text.split("\n").map((line) => line.trim()));
    const filled = [...new Set(parts)].filter((text) => text !== "");
    if (filled.length === 0 && Array.isArray(field.fallback) && field.fallback.length === 0)
      return onChange(undefined);
    onChange(filled);
  };
  return (
    <TagsInput
      {...frame}
      value={entries.map(String)}
      onChange={change}
      placeholder={entries.length === 0 ? t("listHelp") : undefined}
      splitChars={[","]}
      acceptValueOnBlur
      // The frame around it shows the focus.
      styles={{ inputField: { outline: "none" } }}
    />
  );
}
