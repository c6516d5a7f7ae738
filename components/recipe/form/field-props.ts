import type { ComponentType } from "react";
import type { Field } from "#contracts/step-form.ts";
import type { Fault } from "../draft/fault.ts";

export interface FieldProps<One extends Field = Field> {
  /** The technique, whose words name the option. */
  readonly use: string;
  readonly field: One;
  /** undefined: left out. */
  readonly value: unknown;
  /** undefined leaves the option out. */
  readonly onChange: (value: unknown) => void;
  /** What is wrong with the value; their paths begin at it. */
  readonly faults: readonly Fault[];
}

/** What holds other fields gets the input for any field handed in. */
export interface NestingProps<One extends Field> extends FieldProps<One> {
  readonly Input: ComponentType<FieldProps>;
}

/** The faults at and below one name, with paths that begin there. */
export function faultsAt(faults: readonly Fault[], key: string | number): Fault[] {
  return faults
    .filter((fault) => String(fault.path[0]) === String(key))
    .map((fault) => ({ ...fault, path: fault.path.slice(1) }));
}
