"use client";

import { TextInput } from "@mantine/core";
import type { FieldOf } from "#contracts/step-form.ts";
import type { FieldProps } from "./field-props.ts";
import { numbersOf, numbersText } from "./numbers-of.ts";
import { useFrame } from "./use-frame.tsx";
import { useOwnText } from "./use-own-text.ts";

/** Numbers in a row, such as the widths of layers: their order counts, and one may stand there twice. */
export function NumbersField(props: FieldProps<FieldOf<"numbers">>) {
  const { field, value, onChange } = props;
  const frame = useFrame(props, { value: Array.isArray(value) ? value : [] });
  const own = useOwnText<unknown>(
    value ?? field.fallback,
    numbersText,
    (text) => (text.trim() === "" && field.isRequired ? undefined : numbersOf(text)),
    onChange,
  );
  return (
    <TextInput
      {...frame}
      value={own.text}
      onChange={(event) => own.set(event.currentTarget.value)}
      onBlur={own.settle}
      autoComplete="off"
      spellCheck={false}
    />
  );
}
