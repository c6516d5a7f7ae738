import { findAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { isStandard, microsoftDomain } from "../domains.ts";

/** Operators that ONNX Runtime's converter leaves in float32 by default. */
const customary = `NonMaxSuppression TopK RoiAlign Range CumSum Min Max Upsample RandomUniformLike`.split(
  /\s+/,
);

/**
 * Standard operators that take or give float32 only, whatever their other inputs are: their type says so (Celu,
 * MelWeightMatrix, TfIdfVectorizer), an attribute does, or they work on sequences and optionals, which no Cast converts.
 */
const floatOnly = `Celu MelWeightMatrix TfIdfVectorizer DFT STFT BitCast ImageDecoder MaxRoiPool
  RandomNormal RandomUniform RandomNormalLike Bernoulli EyeLike Multinomial HannWindow HammingWindow BlackmanWindow
  SequenceConstruct SequenceInsert SequenceAt SequenceErase SequenceEmpty SequenceLength SequenceMap SplitToSequence
  ConcatFromSequence Optional OptionalGetElement OptionalHasElement`.split(/\s+/);

const blockedAlways: ReadonlySet<string> = new Set([...customary, ...floatOnly]);

/** First opset whose version of the operator takes float16. */
const float16Since: Record<string, number> = { IsInf: 20 };

/** ONNX Runtime's own operators that are defined for float16 and float32 alike. */
const microsoftAllowed = new Set(
  "Gelu FastGelu BiasGelu QuickGelu FusedMatMul FusedGemm SkipLayerNormalization EmbedLayerNormalization Attention MultiHeadAttention".split(
    " ",
  ),
);

/** Operators whose outputs are sequences or optionals, not tensors. */
const sequenceMakers = new Set(
  "SequenceConstruct SequenceInsert SequenceErase SequenceEmpty SequenceMap SplitToSequence Optional".split(
    " ",
  ),
);

export function makesSequence(node: Node): boolean {
  return isStandard(node) && sequenceMakers.has(node.opType);
}

/** Operators that hand on any type, sequences included. */
export function takesAnything(node: Node): boolean {
  return isStandard(node) && ["If", "Loop", "Scan", "Identity"].includes(node.opType);
}

export interface BlockRules {
  readonly ops: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
  /** Keys of the operators that local functions define. */
  isFunction(node: Node): boolean;
}

/** Whether a node keeps computing in float32. */
export function isBlocked(node: Node, opset: number, rules: BlockRules): boolean {
  if (rules.ops.has(node.opType) || (node.name !== undefined && rules.nodes.has(node.name))) return true;
  if (rules.isFunction(node)) return true;
  if (!isStandard(node)) return !(node.domain === microsoftDomain && microsoftAllowed.has(node.opType));
  if (blockedAlways.has(node.opType)) return true;
  return opset < (own(float16Since, node.opType) ?? 0);
}

/** Inputs that are float32 even where the operator computes in float16. */
export function floatPositions(node: Node, opset: number): readonly number[] {
  if (!isStandard(node) || node.opType !== "Resize") return [];
  return opset < 11 ? [1] : [2];
}

/** A Constant that holds float32 in one of its three forms. */
export function isFloatConstant(node: Node): boolean {
  return (
    isStandard(node) &&
    node.opType === "Constant" &&
    ["value", "value_float", "value_floats"].some((name) => findAttribute(node, name) !== undefined)
  );
}
