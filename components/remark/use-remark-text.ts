"use client";

import { useLocale, useMessages, useTranslations } from "next-intl";
import { useCallback } from "react";
import { useTechniqueWords } from "#components/recipe/words/technique-words.ts";
import { formatNumber } from "#components/ui/format.ts";
import { useList } from "#components/ui/use-list.ts";
import type { Remark, RemarkValue, Said } from "#engine/remarks/remark.schema.ts";
import { isKey, type RemarkKey } from "./remark-key.ts";

export interface RemarkText {
  readonly text: string;
  /** The language of the text, where it is not the page's. */
  readonly lang: "en" | undefined;
}

/**
 * What the engine or a worker says, in the reader's language. Results of earlier versions hold sentences instead of
 * remarks: they stay as they are, in English; a remark of another version without a sentence here tells its values.
 */
export function useRemarkText(): (said: Said) => RemarkText {
  const t = useTranslations("remark");
  const join = useTranslations("common.remarks");
  const messages = useMessages().remark;
  const locale = useLocale();
  const list = useList();
  const techniques = useTechniqueWords();
  return useCallback(
    (said) => {
      const textOf = (value: RemarkValue): string => {
        if (typeof value === "string") return value;
        if (typeof value === "number") return formatNumber(value, locale, 6);
        if (!isList(value)) return sentence(value);
        const texts = value.map(textOf);
        return value.every((one) => typeof one === "string") ? list(texts) : texts.join(join("separator"));
      };
      const sentence = ({ key, params }: Remark): string => {
        const names = Object.keys(params);
        if (!isKey(messages, key)) {
          const values = names.map((name) => `${name} ${textOf(params[name] ?? "")}`);
          return values.length === 0 ? key : join("unknown", { key, values: list(values) });
        }
        const values = Object.fromEntries(
          names.map((name) => [name, filling(key, name, params[name] ?? "")]),
        );
        return t(key, values);
      };
      const filling = (key: RemarkKey, _name: string, value: RemarkValue) => {
        // Numbers are formatted by the sentence.
        if (typeof value === "number") return value;
        if (key === "order.after" && typeof value === "string") return techniques.name(value);
        return textOf(value);
      };
      return typeof said === "string"
        ? { text: said, lang: "en" }
        : { text: sentence(said), lang: undefined };
    },
    [t, join, messages, locale, list, techniques],
  );
}

const isList = (value: RemarkValue): value is readonly string[] | readonly Remark[] => Array.isArray(value);
