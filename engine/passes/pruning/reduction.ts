import { intAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { nodeRemark } from "../pass.ts";
import type { PrunableWeight, WeightReader } from "../prune-magnitude/weights.ts";
import { type Lines, linesAlong } from "./lines.ts";

/** The axis of a stored weight along which an operator sums products. */
export interface Reduction {
  readonly axis: number;
  /** Equal parts of the axis that never meet in one sum: the groups of a transposed convolution. */
  readonly segments: number;
}

/**
 * Finds the reduction axis of a weight as a node reads it:
 *
 * - MatMul and FusedMatMul: K, the last axis of the left operand and the last but one of the right;
 * - Gemm: K, after transA and transB;
 * - Conv [M, C/group, k…]: the input channels, axis 1, for each output channel and kernel position on its own (as
 *   NVIDIA's ASP and the TensorFlow Model Optimization Toolkit do);
 * - ConvTranspose [C, M/group, k…]: the input channels of each group, axis 0;
 * - LSTM, GRU and RNN [directions, gates · hidden, inputs]: the inputs, axis 2;
 * - Attention (com.microsoft) [inputs, 3 · hidden]: axis 0.
 *
 * @returns a reason where there is none
 */
export function reductionOf(reader: WeightReader, dims: readonly number[]): Reduction | EngineRemark {
  const { node, position, transposed } = reader;
  const rank = dims.length;
  const matrix = (isLeft: boolean, isFlipped: boolean): Reduction => {
    // Left operands are [M, K], right ones [K, N].
    const last = (isLeft !== isFlipped) !== transposed;
    return { axis: last ? rank - 1 : rank - 2, segments: 1 };
  };
  const isSet = (name: string) => (intAttribute(node, name) ?? 0n) !== 0n;
  switch (node.opType) {
    case "MatMul":
      return matrix(position === 0, false);
    case "Gemm":
      return matrix(position === 0, isSet(position === 0 ? "transA" : "transB"));
    case "FusedMatMul":
      if (isSet(position === 0 ? "transBatchA" : "transBatchB")) {
        return say("pruning.movesAxes", { node: nodeRemark(node) });
      }
      return matrix(position === 0, isSet(position === 0 ? "transA" : "transB"));
    case "Conv":
      return transposed || rank < 3 ? noAxis(reader) : { axis: 1, segments: 1 };
    case "ConvTranspose": {
      const segments = smallIntAttribute(node, "group") ?? 1;
      if (transposed || rank < 3 || segments < 1 || (dims[0] ?? 0) % segments !== 0) return noAxis(reader);
      return { axis: 0, segments };
    }
    case "LSTM":
    case "GRU":
    case "RNN":
      return transposed || rank !== 3 ? noAxis(reader) : { axis: 2, segments: 1 };
    case "Attention":
      return isStandard(node) || transposed || rank !== 2 ? noAxis(reader) : { axis: 0, segments: 1 };
    default:
      return noAxis(reader);
  }
}

function noAxis({ node }: WeightReader): EngineRemark {
  return say("pruning.noSum", { node: nodeRemark(node) });
}

/** The lines of a weight along the reduction axis that all its readers agree on, or a reason why there are none. */
export function reductionLines({ tensor, readers }: PrunableWeight): Lines | EngineRemark {
  let found: Reduction | undefined;
  for (const reader of readers) {
    const reduction = reductionOf(reader, tensor.dims);
    if (isRemark(reduction)) return reduction;
    if (found !== undefined && (found.axis !== reduction.axis || found.segments !== reduction.segments)) {
      return say("pruning.differentAxes");
    }
    found = reduction;
  }
  return found === undefined ? say("pruning.notRead") : linesAlong(tensor.dims, found.axis, found.segments);
}
