"use client";

import { NativeSelect, Switch, Textarea } from "@mantine/core";
import { useTranslations } from "next-intl";
import { parse, stringify } from "yaml";
import type { Field, FieldOf, Scalar } from "#contracts/step-form.ts";
import { isEqual, isRecord, withValue } from "#contracts/step-options.ts";
import { useValueText } from "../words/use-value-text.ts";
import { type FieldProps, faultsAt, type NestingProps } from "./field-props.ts";
import styles from "./form.module.css";
import { useFieldWords } from "./use-field-words.ts";
import { useFrame } from "./use-frame.tsx";
import { useOwnText } from "./use-own-text.ts";
import { WholeFault } from "./whole-fault.tsx";

/** Options that belong together; a switch before them where they may be left out as a whole. */
export function GroupField({ use, field, value, onChange, faults, Input }: NestingProps<FieldOf<"group">>) {
  const t = useTranslations("recipe.form");
  const words = useFieldWords()(use, field);
  const isOptional = field.fallback === undefined && !field.isRequired;
  const isOn = !isOptional || value !== undefined;
  const own = isRecord(value) ? value : {};
  const whole = faults.filter(({ path }) => !field.fields.some(({ key }) => key === path[0]));
  return (
    <fieldset className={styles.group} data-wide>
      <legend className={styles.legend}>{words.label}</legend>
      {words.help !== "" && <p className={styles.help}>{words.help}</p>}
      {isOptional && (
        <Switch
          size="sm"
          label={t("groupOn", { field: words.label })}
          checked={isOn}
          onChange={(event) => onChange(event.currentTarget.checked ? {} : undefined)}
        />
      )}
      <WholeFault faults={whole} />
      {isOn && (
        <div className={styles.fields}>
          {field.fields.map((one) => (
            <Input
              key={one.key}
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

/** A way of writing a value as the list of ways names it: each constant by itself, any other by its kind. */
type Way =
  | { readonly key: string; readonly constant: Scalar }
  | { readonly key: string; readonly field: Field };

function waysOf(field: FieldOf<"either">): Way[] {
  return field.ways.flatMap((way, index): Way[] =>
    way.kind === "choice"
      ? way.options.map((constant) => ({ key: JSON.stringify(constant), constant }))
      : [{ key: `way ${index}`, field: way }],
  );
}

/** True where a value looks like what this kind of field enters. */
function looksLike(way: Field, value: unknown): boolean {
  switch (way.kind) {
    case "flag":
      return typeof value === "boolean";
    case "number":
      return typeof value === "number";
    case "list":
    case "numbers":
    case "choices":
      return Array.isArray(value);
    case "record":
    case "group":
      return isRecord(value);
    default:
      return typeof value === "string";
  }
}

/** A value that may be written in one way or another: first which, then what. */
export function EitherField(props: NestingProps<FieldOf<"either">>) {
  const { use, field, value, onChange, Input } = props;
  const t = useTranslations("recipe.form");
  const frame = useFrame(props);
  const text = useValueText();
  const ways = waysOf(field);
  const shown = value ?? field.fallback;
  const now =
    ways.find((way) => "constant" in way && isEqual(way.constant, shown)) ??
    ways.find((way) => "field" in way && looksLike(way.field, shown)) ??
    (shown === undefined ? undefined : ways.find((way) => "field" in way));
  const start = (way: Way | undefined): unknown => {
    if (!way) return undefined;
    if ("constant" in way) return way.constant;
    if (way.field.kind === "number") return way.field.min ?? 1;
    if (way.field.kind === "flag") return true;
    return way.field.kind === "list" || way.field.kind === "numbers" || way.field.kind === "choices"
      ? []
      : way.field.kind === "text"
        ? ""
        : {};
  };
  const kindWords = (one: Field) =>
    one.kind === "number" ? t("number") : one.kind === "text" ? t("text") : t("other");
  return (
    <div className={styles.either}>
      <NativeSelect
        {...frame}
        value={now?.key ?? ""}
        onChange={(event) => onChange(start(ways.find(({ key }) => key === event.currentTarget.value)))}
        data={[
          ...(field.fallback === undefined ? [{ value: "", label: t("asTechnique") }] : []),
          ...ways.map((way) => ({
            value: way.key,
            label: "constant" in way ? text(way.constant) : kindWords(way.field),
          })),
        ]}
      />
      {now && "field" in now && (
        <Input use={use} field={now.field} value={shown} faults={[]} onChange={onChange} />
      )}
    </div>
  );
}

const meaning = (text: string): unknown => {
  try {
    return text.trim() === "" ? undefined : parse(text, { maxAliasCount: 100 });
  } catch {
    return text;
  }
};

/** Anything else, as YAML. */
export function OtherField(props: FieldProps<FieldOf<"other">>) {
  const { field, value, onChange } = props;
  const t = useTranslations("recipe.form");
  const frame = useFrame(props, { facts: t("other") });
  const own = useOwnText<unknown>(
    value ?? field.fallback,
    (one) => (one === undefined ? "" : stringify(one).trimEnd()),
    meaning,
    onChange,
  );
  return (
    <Textarea
      data-wide
      {...frame}
      value={own.text}
      onChange={(event) => own.set(event.currentTarget.value)}
      autosize
      minRows={2}
      maxRows={10}
      spellCheck={false}
      classNames={{ input: styles.mono }}
    />
  );
}
