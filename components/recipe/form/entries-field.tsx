"use client";

import { Button } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { FieldOf } from "#contracts/step-form.ts";
import { isRecord, withValue } from "#contracts/step-options.ts";
import { faultsAt, type NestingProps } from "./field-props.ts";
import styles from "./form.module.css";
import { useFieldWords } from "./use-field-words.ts";
import { WholeFault } from "./whole-fault.tsx";

/** Any number of groups of the same options, one below the other. */
export function EntriesField({
  use,
  field,
  value,
  onChange,
  faults,
  Input,
}: NestingProps<FieldOf<"entries">>) {
  const t = useTranslations("recipe.form");
  const words = useFieldWords()(use, field);
  const shown: unknown = value ?? field.fallback;
  const entries = Array.isArray(shown) ? shown.map((entry: unknown) => (isRecord(entry) ? entry : {})) : [];
  // Text that is being typed belongs to its entry, also when one before it goes.
  const [kept, setKept] = useState<readonly number[]>([]);
  const ids = kept.length === entries.length ? kept : entries.map((_, at) => at);
  const set = (next: readonly object[], nextIds: readonly number[]) => {
    setKept(nextIds);
    onChange(next.length === 0 && !field.isRequired ? undefined : next);
  };
  const whole = faults.filter(({ path }) => path.length === 0);
  return (
    <fieldset className={styles.group} data-wide>
      <legend className={styles.legend}>{words.label}</legend>
      {words.help !== "" && <p className={styles.help}>{words.help}</p>}
      {entries.map((entry, at) => (
        <fieldset key={ids[at]} className={styles.group} data-entry>
          <legend className={styles.legend}>{t("entry", { position: at + 1 })}</legend>
          <div className={styles.fields}>
            {field.fields.map((one) => (
              <Input
                key={one.key}
                use={use}
                field={one}
                value={entry[one.key]}
                faults={faultsAt(faultsAt(faults, at), one.key)}
                onChange={(next) =>
                  set(
                    entries.map((old, place) => (place === at ? withValue(old, [one.key], next) : old)),
                    ids,
                  )
                }
              />
            ))}
          </div>
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={<IconTrash size={14} aria-hidden />}
            onClick={() =>
              set(
                entries.filter((_, place) => place !== at),
                ids.filter((_, place) => place !== at),
              )
            }
          >
            {t("recordRemoveNew", { position: at + 1 })}
          </Button>
        </fieldset>
      ))}
      <WholeFault faults={whole} />
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={14} aria-hidden />}
        aria-label={t("recordAddTo", { field: words.label })}
        onClick={() => set([...entries, {}], [...ids, Math.max(-1, ...ids) + 1])}
      >
        {t("recordAdd")}
      </Button>
    </fieldset>
  );
}
