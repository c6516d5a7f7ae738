"use client";

import { Checkbox, Group, NativeSelect, Switch, TextInput } from "@mantine/core";
import { useTranslations } from "next-intl";
import type { FieldOf, Scalar } from "#contracts/step-form.ts";
import { useValueText } from "../words/use-value-text.ts";
import type { FieldProps } from "./field-props.ts";
import { numberOf } from "./number-of.ts";
import { useFrame } from "./use-frame.tsx";
import { useOwnText } from "./use-own-text.ts";

/** A switch; where leaving it out means neither yes nor no, a choice of the three. */
export function FlagField(props: FieldProps<FieldOf<"flag">>) {
  const { field, value, onChange } = props;
  const { inputWrapperOrder: _, ...frame } = useFrame(props);
  if (field.fallback === undefined) {
    return <ChoiceField {...props} field={{ ...field, kind: "choice", options: [true, false] }} />;
  }
  return (
    <Switch
      size="sm"
      {...frame}
      checked={(value ?? field.fallback) === true}
      onChange={(event) => onChange(event.currentTarget.checked)}
    />
  );
}

/** One of a few values, whatever their types. */
export function ChoiceField(props: FieldProps<FieldOf<"choice">>) {
  const { field, value, onChange } = props;
  const t = useTranslations("recipe.form");
  const frame = useFrame(props);
  const text = useValueText();
  const keyOf = (one: unknown) => JSON.stringify(one) ?? "";
  const shown = value ?? field.fallback;
  // What stands there now is listed even if it does not fit, so that the form never shows another value.
  const isOdd = shown !== undefined && !field.options.some((option) => option === shown);
  const isOpen = field.fallback === undefined && !field.isRequired;
  return (
    <NativeSelect
      {...frame}
      value={keyOf(shown)}
      onChange={(event) => {
        const key = event.currentTarget.value;
        onChange(field.options.find((option) => keyOf(option) === key));
      }}
      data={[
        ...(isOpen || shown === undefined ? [{ value: "", label: t("asTechnique") }] : []),
        ...field.options.map((option) => ({ value: keyOf(option), label: text(option) })),
        ...(isOdd ? [{ value: keyOf(shown), label: text(shown) }] : []),
      ]}
    />
  );
}

const manyChoices = 8;

/** Several of a few values. */
export function ChoicesField(props: FieldProps<FieldOf<"choices">>) {
  const { field, value, onChange } = props;
  const frame = useFrame(props);
  const text = useValueText();
  const keyOf = (one: unknown) => JSON.stringify(one) ?? "";
  const shown: unknown = value ?? field.fallback ?? [];
  const chosen = Array.isArray(shown) ? shown.map(keyOf) : [];
  return (
    <Checkbox.Group
      {...frame}
      // Many would make one narrow column longer than the rest of the form.
      data-wide={field.options.length > manyChoices || undefined}
      value={chosen}
      onChange={(keys) => onChange(field.options.filter((option: Scalar) => keys.includes(keyOf(option))))}
    >
      {/* Wider apart from each other than each from its label. */}
      <Group gap="6px 18px" mt={6}>
        {field.options.map((option) => (
          <Checkbox
            key={keyOf(option)}
            size="xs"
            value={keyOf(option)}
            label={text(option)}
            styles={{ label: { paddingInlineStart: 6 } }}
          />
        ))}
      </Group>
    </Checkbox.Group>
  );
}

export function TextField(props: FieldProps<FieldOf<"text">>) {
  const { field, value, onChange } = props;
  const frame = useFrame(props);
  const shown = value ?? field.fallback;
  return (
    <TextInput
      {...frame}
      value={shown === undefined ? "" : String(shown)}
      onChange={(event) => {
        const text = event.currentTarget.value;
        onChange(text === "" && !field.isRequired ? undefined : text);
      }}
      spellCheck={false}
    />
  );
}

/** A number, typed in any way; what does not fit is said and kept. */
export function NumberField(props: FieldProps<FieldOf<"number">>) {
  const { field, value, onChange } = props;
  const t = useTranslations("recipe.form");
  const frame = useFrame(props);
  const own = useOwnText(
    value,
    (one) => (one === undefined ? "" : String(one)),
    numberOf as (text: string) => unknown,
    onChange,
  );
  return (
    <TextInput
      {...frame}
      inputMode={field.isInteger ? "numeric" : "decimal"}
      value={own.text}
      placeholder={field.fallback === undefined ? t("open") : String(field.fallback)}
      onChange={(event) => own.set(event.currentTarget.value)}
      onBlur={own.settle}
      autoComplete="off"
    />
  );
}
