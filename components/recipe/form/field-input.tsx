"use client";

import { EntriesField } from "./entries-field.tsx";
import type { FieldProps } from "./field-props.ts";
import { ListField } from "./list-field.tsx";
import { EitherField, GroupField, OtherField } from "./nested-fields.tsx";
import { NumbersField } from "./numbers-field.tsx";
import { RecordField } from "./record-field.tsx";
import { ChoiceField, ChoicesField, FlagField, NumberField, TextField } from "./simple-fields.tsx";
import { VariantField } from "./variant-field.tsx";

/** The input that fits an option, whatever its technique. */
export function FieldInput({ field, ...rest }: FieldProps) {
  switch (field.kind) {
    case "flag":
      return <FlagField field={field} {...rest} />;
    case "text":
      return <TextField field={field} {...rest} />;
    case "number":
      return <NumberField field={field} {...rest} />;
    case "choice":
      return <ChoiceField field={field} {...rest} />;
    case "choices":
      return <ChoicesField field={field} {...rest} />;
    case "list":
      return <ListField field={field} {...rest} />;
    case "numbers":
      return <NumbersField field={field} {...rest} />;
    case "record":
      return <RecordField field={field} {...rest} />;
    case "group":
      return <GroupField field={field} {...rest} Input={FieldInput} />;
    case "variant":
      return <VariantField field={field} {...rest} Input={FieldInput} />;
    case "entries":
      return <EntriesField field={field} {...rest} Input={FieldInput} />;
    case "either":
      return <EitherField field={field} {...rest} Input={FieldInput} />;
    case "other":
      return <OtherField field={field} {...rest} />;
  }
}
