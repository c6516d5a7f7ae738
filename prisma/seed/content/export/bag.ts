import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { PADDING } from "../training/bag.ts";
import type { Parameter } from "../training/parameter.ts";
import { assemble, initializer, integers, scalar, value } from "./assemble.ts";

/**
 * Writes a trained embedding-bag classifier: ids [batch, length] → Gather → mean over the words that are not
 * padding → Gemm, Relu, Gemm → logits [batch, classes].
 *
 * @param parameters as `training/bag.ts` lists them
 */
export function exportBag(
  parameters: readonly Parameter[],
  length: number,
  about: { name: string; description: string; metadata: Record<string, string> },
): Uint8Array {
  const sumOver = (keep: 0 | 1) => ({ attribute: [makeInt("keepdims", keep)] });
  const toFloat = makeInt("to", dtypes.float32.code);
  return assemble({
    ...about,
    inputs: [value("ids", "int64", ["batch", length])],
    outputs: [value("logits", "float32", ["batch", parameters.at(-1)?.dims[0] ?? 0])],
    nodes: [
      makeNode("Equal", ["ids", "padding"], ["is_padding"], { name: "find_padding" }),
      makeNode("Not", ["is_padding"], ["is_word"], { name: "find_words" }),
      makeNode("Cast", ["is_word"], ["mask"], { name: "mask", attribute: [toFloat] }),
      makeNode("Unsqueeze", ["mask", "last_axis"], ["mask_column"], { name: "mask_column" }),
      makeNode("Gather", ["embedding", "ids"], ["embedded"], { name: "embed" }),
      makeNode("Mul", ["embedded", "mask_column"], ["masked"], { name: "apply_mask" }),
      makeNode("ReduceSum", ["masked", "word_axis"], ["sum"], { name: "sum", ...sumOver(0) }),
      makeNode("ReduceSum", ["mask", "word_axis"], ["words"], { name: "count", ...sumOver(1) }),
      makeNode("Max", ["words", "one"], ["divisor"], { name: "at_least_one" }),
      makeNode("Div", ["sum", "divisor"], ["mean"], { name: "mean" }),
      makeNode("Gemm", ["mean", "hidden.weight", "hidden.bias"], ["hidden"], { name: "hidden" }),
      makeNode("Relu", ["hidden"], ["active"], { name: "relu" }),
      makeNode("Gemm", ["active", "output.weight", "output.bias"], ["logits"], { name: "output" }),
    ],
    initializers: [
      ...parameters.map(initializer),
      integers("padding", [PADDING], []),
      integers("last_axis", [2]),
      integers("word_axis", [1]),
      scalar("one", 1),
    ],
  });
}
