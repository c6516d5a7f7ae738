import { makeFloat, makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import type { Attribute } from "#engine/onnx/model.ts";
import type { CaseInput, RuleCase } from "./case.ts";

type StoredAttribute = number | { readonly float: number } | readonly number[] | string;

/** A case as JSON that a script in another language reads. */
export interface StoredCase {
  readonly opType: string;
  readonly inputs: readonly ({
    dims: readonly number[];
    data: number[];
    dtype: CaseInput["dtype"];
    isConstant: boolean;
  } | null)[];
  /** Whole numbers as they are, floats as `{ float }`. */
  readonly attributes: Readonly<Record<string, StoredAttribute>>;
  readonly outputs: number;
  readonly wanted: readonly number[];
  readonly seed: number;
}

export function storeCase({ inputs, attributes, ...rest }: RuleCase): StoredCase {
  return {
    ...rest,
    inputs: inputs.map((input) => input && { ...input, data: [...input.data] }),
    attributes: Object.fromEntries(attributes.map((attribute) => [attribute.name, storedValue(attribute)])),
  };
}

export function reviveCase({ inputs, attributes, ...rest }: StoredCase): RuleCase {
  return {
    ...rest,
    inputs: inputs.map((input) => input && { ...input, data: Float64Array.from(input.data) }),
    attributes: Object.entries(attributes).map(([name, value]) => revivedValue(name, value)),
  };
}

function storedValue({ i, ints, f, s }: Attribute): StoredAttribute {
  if (f !== undefined) return { float: f };
  if (ints !== undefined) return ints.map(Number);
  if (s !== undefined) return new TextDecoder().decode(s);
  return Number(i ?? 0);
}

function revivedValue(name: string, value: StoredAttribute): Attribute {
  if (typeof value === "number") return makeInt(name, value);
  if (typeof value === "string") return makeString(name, value);
  return "float" in value ? makeFloat(name, value.float) : makeInts(name, value);
}
