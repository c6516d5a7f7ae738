import { floatAttribute } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { fullRange } from "../quantization/range.ts";
import type { ScaleZeroPoint } from "../quantization/scale.ts";
import type { Draft } from "./draft.ts";

interface Bounds {
  readonly low: number;
  readonly high: number;
}

/** What Relu and Clip clip to; undefined where the model computes it. */
function boundsOf(draft: Draft, node: Node): Bounds | undefined {
  if (node.opType === "Relu") return { low: 0, high: Number.POSITIVE_INFINITY };
  const bound = (position: number, attribute: string, otherwise: number): number | undefined => {
    const name = node.input[position] ?? "";
    if (name === "") return floatAttribute(node, attribute) ?? otherwise;
    const tensor = draft.initializer(name);
    return tensor === undefined ? undefined : readFloats(tensor)[0];
  };
  const low = bound(1, "min", Number.NEGATIVE_INFINITY);
  const high = bound(2, "max", Number.POSITIVE_INFINITY);
  return low === undefined || high === undefined ? undefined : { low, high };
}

/**
 * Whether quantisation to these integers does what Relu or Clip does: no integer stands for a value outside of its
 * bounds, but for half a step of rounding. With ranges that are symmetric or wider this does not hold, and the
 * operator must stay; ONNX Runtime's quantiser takes it away all the same.
 */
export function clipsByItself(draft: Draft, node: Node, { scale, zeroPoint }: ScaleZeroPoint): boolean {
  const bounds = boundsOf(draft, node);
  if (bounds === undefined) return false;
  const { min, max } = fullRange(draft.options.activation_type);
  const half = scale / 2;
  return (min - zeroPoint) * scale >= bounds.low - half && (max - zeroPoint) * scale <= bounds.high + half;
}
