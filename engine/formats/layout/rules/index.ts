import { own } from "#engine/own.ts";
import type { LayoutRule } from "../rule.ts";
import { concat, reduce, select, softmax, split, squeeze } from "./axes.ts";
import { elementwise, elementwiseOps, quantization } from "./elementwise.ts";
import { carry, product, reshape } from "./flat.ts";
import { pad, resize, slice, tile } from "./places.ts";

const reductions = ["L1", "L2", "LogSum", "LogSumExp", "Max", "Mean", "Min", "Prod", "Sum", "SumSquare"];

const rules: Readonly<Record<string, LayoutRule>> = {
  ...Object.fromEntries(elementwiseOps.map((op) => [op, elementwise])),
  ...Object.fromEntries(reductions.map((op) => [`Reduce${op}`, reduce])),
  ArgMax: select,
  ArgMin: select,
  Concat: concat,
  DequantizeLinear: quantization,
  Flatten: reshape,
  LogSoftmax: softmax,
  Pad: pad,
  QuantizeLinear: quantization,
  Reshape: reshape,
  Resize: resize,
  Slice: slice,
  Softmax: softmax,
  Split: split,
  Squeeze: squeeze,
  Tile: tile,
};

/** For inputs that are transpositions of others. */
export function ruleOf(op: string): LayoutRule | undefined {
  return own(rules, op);
}

const carrying: readonly string[] = [...elementwiseOps, "DequantizeLinear", "QuantizeLinear"];

/** For inputs that are matrices with columns in another order. */
export function shuffleRuleOf(op: string): LayoutRule | undefined {
  if (op === "MatMul" || op === "Gemm") return product;
  return carrying.includes(op) ? carry : undefined;
}
