"use client";

import { useTranslations } from "next-intl";
import { type Fault, fieldName } from "../draft/fault.ts";
import { useFaultText } from "../words/use-fault-text.ts";

/** The first of the faults in words, with the entry that it is about; undefined where there is none. */
export function useFirstFault(): (faults: readonly Fault[], value?: unknown) => string | undefined {
  const t = useTranslations("recipe.fault");
  const text = useFaultText();
  return (faults, value) => {
    const [fault] = faults;
    if (!fault) return undefined;
    const [place] = fault.path;
    if (place === undefined) return text(fault);
    const entry =
      typeof place === "number" && Array.isArray(value) ? String(value[place]) : fieldName(fault.path);
    return t("ofEntry", { name: entry, message: text(fault) });
  };
}
