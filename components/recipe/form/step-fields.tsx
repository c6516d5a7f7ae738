"use client";

import { useTranslations } from "next-intl";
import { fieldsOf } from "#contracts/step-form.ts";
import type { StepDraft } from "#contracts/step-options.ts";
import type { Fault } from "../draft/fault.ts";
import { FieldGrid } from "./field-grid.tsx";
import styles from "./form.module.css";
import { useFirstFault } from "./use-first-fault.ts";

export interface StepFieldsProps {
  readonly step: StepDraft;
  /** What is wrong with its options; paths begin at the step. */
  readonly faults: readonly Fault[];
  readonly onChange: (path: readonly string[], value: unknown) => void;
  /** Options that something else asks for. */
  readonly without?: readonly string[];
}

/** All options of a step, read off the schema of its technique. */
export function StepFields({ step, faults, onChange, without = [] }: StepFieldsProps) {
  const t = useTranslations("recipe.editor");
  const fault = useFirstFault();
  const fields = fieldsOf(step.use).filter(({ key }) => !without.includes(key));
  const homeless = faults.filter(({ path }) => !fields.some(({ key }) => key === path[0]));
  return (
    <>
      {homeless.map((one) => (
        <p key={one.path.join(".")} className={styles.fault}>
          {fault([{ ...one, path: [] }])}
        </p>
      ))}
      {fields.length === 0 ? (
        <p className={styles.help}>{t("noOptions")}</p>
      ) : (
        <FieldGrid
          use={step.use}
          fields={fields}
          options={step.options}
          faults={faults}
          onChange={(key, value) => onChange([key], value)}
        />
      )}
    </>
  );
}
