"use client";

import { Button, Collapse } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";
import type { Field } from "#contracts/step-form.ts";
import type { Options } from "#contracts/step-options.ts";
import type { Fault } from "../draft/fault.ts";
import { FieldInput } from "./field-input.tsx";
import { faultsAt } from "./field-props.ts";
import styles from "./form.module.css";

export interface FieldGridProps {
  /** Whose words name the fields. */
  readonly use: string;
  readonly fields: readonly Field[];
  readonly options: Options;
  readonly faults: readonly Fault[];
  readonly onChange: (key: string, value: unknown) => void;
}

/** Fields side by side; those that few need are folded away until one of them is asked for, set, or wrong. */
export function FieldGrid(props: FieldGridProps) {
  const { fields, options, faults } = props;
  const t = useTranslations("recipe.form");
  const id = useId();
  const common = fields.filter(({ isRare }) => !isRare);
  const rare = fields.filter(({ isRare }) => isRare);
  const [isAsked, setIsAsked] = useState(() => rare.some(({ key }) => options[key] !== undefined));
  const isWrong = rare.some(({ key }) => faultsAt(faults, key).length > 0);
  const isOpen = isAsked || isWrong;
  return (
    <>
      <Inputs {...props} fields={common} />
      {rare.length > 0 && (
        <div className={styles.rare}>
          <Button
            variant="subtle"
            color="gray"
            size="compact-sm"
            aria-expanded={isOpen}
            aria-controls={id}
            disabled={isWrong}
            onClick={() => setIsAsked(!isOpen)}
            rightSection={<IconChevronDown size={14} className={styles.rareMark} aria-hidden />}
          >
            {t("more", { count: rare.length })}
          </Button>
          <Collapse expanded={isOpen} id={id}>
            <div className={styles.rareFields}>
              <Inputs {...props} fields={rare} />
            </div>
          </Collapse>
        </div>
      )}
    </>
  );
}

function Inputs({ use, fields, options, faults, onChange }: FieldGridProps) {
  return (
    <div className={styles.fields}>
      {fields.map((field) => (
        <FieldInput
          key={field.key}
          use={use}
          field={field}
          value={options[field.key]}
          faults={faultsAt(faults, field.key)}
          onChange={(value) => onChange(field.key, value)}
        />
      ))}
    </div>
  );
}
