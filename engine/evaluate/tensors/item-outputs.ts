import { EngineError } from "#engine/error.ts";
import type { ColumnReference } from "../dataset/manifest.schema.ts";
import { isFloat } from "./elements.ts";
import type { ModelSignature } from "./tensor.ts";

/** Outputs of many items: `values` holds the items after each other, `itemDims` is the shape of one. */
export interface ItemOutputs {
  readonly items: number;
  readonly itemDims: readonly number[];
  readonly values: Float32Array | Float64Array;
}

/**
 * Name of the output that holds scores: as the manifest says, or else the first of a float type.
 *
 * @throws EngineError "data-mismatch" that lists the outputs
 */
export function scoreOutput(signature: ModelSignature, wanted: ColumnReference | undefined): string {
  const found =
    wanted === undefined
      ? signature.outputs.find(({ dtype }) => isFloat(dtype))
      : signature.outputs.find(({ name }, index) => wanted === name || wanted === index);
  if (found !== undefined) return found.name;
  const listed = signature.outputs.map(({ name, dtype }) => `"${name}" (${dtype})`).join(", ");
  const what = wanted === undefined ? "no output of a float type" : `no output ${JSON.stringify(wanted)}`;
  throw new EngineError("data-mismatch", `The model has ${what}; its outputs are ${listed || "none"}`);
}
