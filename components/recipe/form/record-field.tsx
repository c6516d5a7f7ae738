"use client";

import { ActionIcon, Button, TextInput } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslations } from "next-intl";
import { useState } from "react";
import type { FieldOf } from "#contracts/step-form.ts";
import { isEqual, isRecord } from "#contracts/step-options.ts";
import { type FieldProps, faultsAt } from "./field-props.ts";
import styles from "./form.module.css";
import { numberOf } from "./number-of.ts";
import { useFieldWords } from "./use-field-words.ts";
import { useFirstFault } from "./use-first-fault.ts";
import { WholeFault } from "./whole-fault.tsx";

interface Entry {
  readonly id: number;
  readonly name: string;
  readonly value: unknown;
}

const toRecord = (entries: readonly Entry[]) =>
  Object.fromEntries(entries.filter(({ name }) => name !== "").map(({ name, value }) => [name, value]));
const toEntries = (record: unknown): Entry[] =>
  isRecord(record) ? Object.entries(record).map(([name, value], id) => ({ id, name, value })) : [];
/** How a value of a record is typed: numbers are read as such, anything else as the text that it is. */
const typedValue = (kind: string, text: string): unknown =>
  kind === "number"
    ? numberOf(text)
    : kind === "flag"
      ? text === "true"
        ? true
        : text === "false"
          ? false
          : text
      : text;

/** Values by names, a row each. */
export function RecordField({ use, field, value, onChange, faults }: FieldProps<FieldOf<"record">>) {
  const t = useTranslations("recipe.form");
  const words = useFieldWords()(use, field);
  const fault = useFirstFault();
  const shown = value ?? field.fallback;
  // Rows without a name are no part of the value: they are kept here while they are written.
  const [own, setOwn] = useState<readonly Entry[]>(() => toEntries(shown));
  const entries = isEqual(toRecord(own), isRecord(shown) ? shown : {}) ? own : toEntries(shown);
  const set = (next: readonly Entry[]) => {
    setOwn(next);
    const record = toRecord(next);
    onChange(Object.keys(record).length === 0 && !field.isRequired ? undefined : record);
  };
  const change = (id: number, part: Partial<Entry>) =>
    set(entries.map((entry) => (entry.id === id ? { ...entry, ...part } : entry)));
  const add = () =>
    set([...entries, { id: Math.max(-1, ...entries.map(({ id }) => id)) + 1, name: "", value: undefined }]);
  const whole = faults.filter(({ path }) => path.length === 0);
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{words.label}</legend>
      {words.help !== "" && <p className={styles.help}>{words.help}</p>}
      {entries.map((entry, index) => {
        const isTwice = entries.slice(index + 1).some(({ name }) => name !== "" && name === entry.name);
        return (
          <div key={entry.id} className={styles.entry}>
            <TextInput
              size="xs"
              aria-label={t("recordNameOf", { position: index + 1, field: words.label })}
              placeholder={t("recordName")}
              list={field.keys ? `${use}-${field.path.join("-")}` : undefined}
              value={entry.name}
              error={isTwice ? t("recordTwice") : undefined}
              onChange={(event) => change(entry.id, { name: event.currentTarget.value })}
              spellCheck={false}
            />
            <ValueInput
              kind={field.of.kind}
              label={t("recordValue", { name: entry.name || String(index + 1) })}
              value={entry.value}
              error={entry.name === "" ? undefined : fault(faultsAt(faults, entry.name))}
              onChange={(next) => change(entry.id, { value: next })}
            />
            <ActionIcon
              aria-label={
                entry.name === ""
                  ? t("recordRemoveNew", { position: index + 1 })
                  : t("recordRemove", { name: entry.name })
              }
              onClick={() => set(entries.filter(({ id }) => id !== entry.id))}
            >
              <IconTrash size={16} aria-hidden />
            </ActionIcon>
          </div>
        );
      })}
      {field.keys && (
        <datalist id={`${use}-${field.path.join("-")}`}>
          {field.keys.map((key) => (
            <option key={key} value={key} />
          ))}
        </datalist>
      )}
      <WholeFault faults={whole} />
      <Button
        size="compact-xs"
        variant="subtle"
        leftSection={<IconPlus size={14} aria-hidden />}
        aria-label={t("recordAddTo", { field: words.label })}
        onClick={add}
      >
        {t("recordAdd")}
      </Button>
    </fieldset>
  );
}

interface ValueInputProps {
  readonly kind: string;
  readonly label: string;
  readonly value: unknown;
  readonly error: string | undefined;
  readonly onChange: (value: unknown) => void;
}

/** Its own text while it is typed, so that "0." is not taken for 0 at once. */
function ValueInput({ kind, label, value, error, onChange }: ValueInputProps) {
  const t = useTranslations("recipe.form");
  const [typed, setTyped] = useState<string | null>(null);
  const isMine = typed !== null && typedValue(kind, typed) === value;
  return (
    <TextInput
      size="xs"
      aria-label={label}
      placeholder={t(kind === "number" ? "number" : "text")}
      inputMode={kind === "number" ? "decimal" : undefined}
      value={isMine ? typed : value === undefined ? "" : String(value)}
      error={error}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        onChange(typedValue(kind, event.currentTarget.value));
      }}
      autoComplete="off"
    />
  );
}
