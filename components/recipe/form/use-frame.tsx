"use client";

import type { ReactNode } from "react";
import { FieldHelp, wrapperOrder } from "./field-help.tsx";
import type { FieldProps } from "./field-props.ts";
import { useFieldWords } from "./use-field-words.ts";
import { useFirstFault } from "./use-first-fault.ts";

/** What stands around an input: the option's name and meaning, and what is wrong with its value. */
export interface Frame {
  readonly label: string;
  readonly description: ReactNode;
  readonly error: string | undefined;
  readonly inputWrapperOrder: typeof wrapperOrder;
}

/** The frame of an option's field; `value` names the entry that a fault is about, `facts` replaces what fits. */
export function useFrame(
  { use, field, faults }: Pick<FieldProps, "use" | "field" | "faults">,
  { value, facts }: { readonly value?: unknown; readonly facts?: string } = {},
): Frame {
  const words = useFieldWords()(use, field);
  const error = useFirstFault()(faults, value);
  return {
    label: words.label,
    description: <FieldHelp words={facts === undefined ? words : { ...words, facts }} />,
    error,
    inputWrapperOrder: wrapperOrder,
  };
}
