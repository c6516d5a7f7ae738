"use client";

import { type UseFormReturnType, useForm } from "@mantine/form";
import { useTranslations } from "next-intl";
import type { z } from "zod";

type Sentence = ReturnType<typeof useTranslations<"common.field">>;

/** A schema's complaint as a sentence in the reader's language. */
function sentenceOf(t: Sentence, issue: z.core.$ZodIssue): string {
  const isText = "origin" in issue && issue.origin === "string";
  switch (issue.code) {
    case "too_small":
      if (!isText) return t("small", { minimum: Number(issue.minimum) });
      return Number(issue.minimum) <= 1 ? t("required") : t("short", { minimum: Number(issue.minimum) });
    case "too_big":
      return isText
        ? t("long", { maximum: Number(issue.maximum) })
        : t("big", { maximum: Number(issue.maximum) });
    case "invalid_format":
      return issue.format === "email" ? t("email") : t("invalid");
    case "invalid_union":
      return sentenceOf(t, issue.errors.flat().at(-1) ?? { code: "custom", path: [], message: "" });
    default:
      return t("invalid");
  }
}

/**
 * A form checked by the contract's own schema, with sentences in the reader's language. Values are the schema's input;
 * the server parses them again.
 */
export function useSchemaForm<Schema extends z.ZodType<Record<string, unknown>, Record<string, unknown>>>(
  schema: Schema,
  initialValues: z.input<Schema>,
): UseFormReturnType<z.input<Schema>> {
  const t = useTranslations("common.field");
  return useForm<z.input<Schema>>({
    mode: "uncontrolled",
    initialValues,
    validate: (values) => {
      const parsed = schema.safeParse(values);
      if (parsed.success) return {};
      return Object.fromEntries(
        parsed.error.issues.map((issue) => [issue.path.join("."), sentenceOf(t, issue)]),
      );
    },
  });
}
