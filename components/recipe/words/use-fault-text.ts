"use client";

import { useLocale, useTranslations } from "next-intl";
import { useCallback } from "react";
import type { Fault } from "../draft/fault.ts";
import { numberText } from "./number-text.ts";

/** What is wrong, as a sentence in the reader's language; the schema's own words (English) for what has none. */
export function useFaultText(): (fault: Pick<Fault, "words" | "message">) => string {
  const t = useTranslations("recipe.fault");
  const yaml = useTranslations("common.yaml");
  const locale = useLocale();
  return useCallback(
    ({ words, message }) => {
      if (words === undefined) return message;
      const number = (value: number) => numberText(value, locale);
      switch (words.key) {
        case "type":
          return t(`type.${words.type}`);
        case "syntax":
          return yaml(words.syntax);
        case "small":
        case "notAbove":
          return t(words.key, { min: number(words.min) });
        case "big":
        case "notBelow":
          return t(words.key, { max: number(words.max) });
        case "fewItems":
          return t("fewItems", { min: words.min });
        case "short":
          return t("short", { min: number(words.min) });
        case "manyItems":
        case "long":
          return t(words.key, { max: number(words.max) });
        case "multiple":
          return t("multiple", { of: number(words.of) });
        case "oneOf":
          return t("oneOf", { values: words.values });
        case "unknownOption":
        case "unknownTechnique":
          return t(words.key, { name: words.name });
        default:
          return t(words.key);
      }
    },
    [t, yaml, locale],
  );
}
