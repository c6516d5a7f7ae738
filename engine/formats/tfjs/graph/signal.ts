import { quote } from "#engine/onnx/quote.ts";
import { shapeText } from "#engine/onnx/tensor.ts";
import { exceeded } from "../artifact/fault.ts";
import { maxElements } from "../artifact/limits.ts";

/** A size, a symbol, or null where nothing is known of it. */
export type Dim = number | string | null;

/** Element types that values of TensorFlow.js have. */
export type SignalType = "float32" | "int32" | "bool";

/** A value of the graph under construction. */
export interface Signal {
  readonly name: string;
  /** With the batch, in the layout of the source. */
  readonly dims: readonly Dim[];
  readonly dtype: SignalType;
  /** Whether a mask goes with it in Keras, which layers over time look at. */
  readonly masked?: boolean;
}

/** Name of the batch dimension. */
export const batch = "batch";

/**
 * A value that was made, its shape checked.
 *
 * @throws EngineError "limit-exceeded" for a shape that no machine holds
 */
export function signal(name: string, dims: readonly Dim[], dtype: SignalType = "float32"): Signal {
  const count = dims.reduce<number>((product, dim) => product * (typeof dim === "number" ? dim : 1), 1);
  if (count > maxElements) {
    const shown = shapeText(dims.map((dim) => dim ?? "?"));
    throw exceeded(`Its values of shape ${shown} are more than ${maxElements}`, `value ${quote(name)}`);
  }
  return { name, dims, dtype };
}

/** A dimension through arithmetic: unknown where it is unknown. */
export function mapDim(dim: Dim | undefined, change: (size: number) => number): Dim {
  return typeof dim === "number" ? change(dim) : null;
}

/** The product of dimensions, or null where one of them is not a number. */
export function productOf(dims: readonly Dim[]): number | null {
  let product = 1;
  for (const dim of dims) {
    if (typeof dim !== "number") return null;
    product *= dim;
  }
  return product;
}
