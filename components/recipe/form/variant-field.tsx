"use client";

import { NativeSelect } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { FieldOf } from "#contracts/step-form.ts";
import { isRecord, withValue } from "#contracts/step-options.ts";
import { faultsAt, type NestingProps } from "./field-props.ts";
import styles from "./form.module.css";
import { useFieldWords } from "./use-field-words.ts";
import { WholeFault } from "./whole-fault.tsx";

/** First which of several kinds, then the options of that kind. */
export function VariantField({
  use,
  field,
  value,
  onChange,
  faults,
  Input,
}: NestingProps<FieldOf<"variant">>) {
  const t = useTranslations("recipe.form");
  const words = useFieldWords()(use, field);
  const shown = value ?? field.fallback;
  const own = isRecord(shown) ? shown : {};
  const name = own[field.by];
  const chosen = field.variants.find((variant) => variant.name === name);
  const whole = faults.filter(({ path }) => !chosen?.fields.some(({ key }) => key === path[0]));
  const isOpen = field.fallback === undefined && !field.isRequired;
  return (
    <fieldset className={styles.group} data-wide>
      <legend className={styles.legend}>{words.label}</legend>
      {words.help !== "" && <p className={styles.help}>{words.help}</p>}
      <NativeSelect
        aria-label={words.label}
        value={chosen?.name ?? ""}
        onChange={(event) => {
          const next = event.currentTarget.value;
          onChange(next === "" ? undefined : { [field.by]: next });
        }}
        data={[
          ...(isOpen || !chosen ? [{ value: "", label: t("asTechnique") }] : []),
          ...field.variants.map((variant) => ({ value: variant.name, label: variant.name })),
        ]}
      />
      <WholeFault faults={whole} />
      {chosen && (
        <div className={styles.fields}>
          {chosen.fields.map((one) => (
            <Input
              key={`${chosen.name} ${one.key}`}
              use={use}
              field={one}
              value={own[one.key]}
              faults={faultsAt(faults, one.key)}
              onChange={(next) => onChange(withValue(own, [one.key], next))}
            />
          ))}
        </div>
      )}
    </fieldset>
  );
}
