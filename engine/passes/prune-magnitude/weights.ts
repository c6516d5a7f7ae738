import { EngineError } from "#engine/error.ts";
import type { ModelIndex, Value } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { tensorProblems } from "#engine/graph/validate-tensor.ts";
import { dtypeName, dtypes } from "#engine/onnx/dtypes.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { elementCount, isExternal, tensorPlace } from "#engine/onnx/tensor.ts";
import { own } from "#engine/own.ts";
import { say } from "#engine/say.ts";
import { findConstant } from "../constants.ts";
import { isStandard, microsoftDomain } from "../domains.ts";
import { nodeRemark, type Skip } from "../pass.ts";

/** Inputs of an operator that are weights in the sense of pruning: no biases, no normalisation. */
const standardWeights: Record<string, readonly number[]> = {
  MatMul: [0, 1],
  Gemm: [0, 1],
  Conv: [1],
  ConvTranspose: [1],
  LSTM: [1, 2],
  GRU: [1, 2],
  RNN: [1, 2],
  Gather: [0],
};
const microsoftWeights: Record<string, readonly number[]> = { Attention: [1], FusedMatMul: [0, 1] };

/** Nodes that only hand a weight on, or look at its shape. */
const neutral = new Set(["Identity", "Transpose", "Shape", "Size"]);

/** A node that reads a tensor as a weight. */
export interface WeightReader {
  readonly node: Node;
  /** Position in `node.input`. */
  readonly position: number;
  /** Where the node stands. */
  readonly scope: Scope;
  /** The node reads the stored matrix transposed: a Transpose node stands between. */
  readonly transposed: boolean;
}

/** A tensor that may be pruned. */
export interface PrunableWeight {
  readonly value: Value;
  readonly tensor: Tensor;
  /** At least one. */
  readonly readers: readonly WeightReader[];
}

function weightPositions(node: Node): readonly number[] {
  if (isStandard(node)) return own(standardWeights, node.opType) ?? [];
  return node.domain === microsoftDomain ? (own(microsoftWeights, node.opType) ?? []) : [];
}

interface Found {
  readonly tensor: Tensor;
  readonly readers: WeightReader[];
  /** A node that reads the tensor as something else than a weight. */
  other: Node | undefined;
}

/**
 * Finds the weights to prune in the main graph and its subgraphs, each tensor once however many nodes share it, and
 * says why tensors that look like weights are left out.
 *
 * @param protect names of tensors and nodes that are left alone
 * @throws EngineError where the file does not hold the values of a weight: passes reserve memory by its shape
 */
export function prunableWeights(
  index: ModelIndex,
  protect: readonly string[],
): { weights: PrunableWeight[]; skipped: Skip[]; unknown: string[] } {
  const found = new Map<Value, Found>();
  const names = new Set<string>();
  for (const scope of index.scopes) {
    for (const node of scope.body.node) {
      if (node.name) names.add(node.name);
      if (isStandard(node) && neutral.has(node.opType)) continue;
      const positions = weightPositions(node);
      node.input.forEach((name, position) => {
        const constant = name === "" ? undefined : findConstant(index, scope, name);
        if (constant === undefined) return;
        names.add(constant.value.name);
        const entry = found.get(constant.value) ?? { tensor: constant.tensor, readers: [], other: undefined };
        found.set(constant.value, entry);
        // A vector is a bias or a list of numbers wherever it stands.
        if (positions.includes(position) && constant.tensor.dims.length >= 2) {
          entry.readers.push({ node, position, scope, transposed: constant.transposed });
        } else entry.other ??= node;
      });
    }
  }
  const weights: PrunableWeight[] = [];
  const skipped: Skip[] = [];
  const shielded = new Set(protect);
  for (const [value, { tensor, readers, other }] of found) {
    const isFloat = tensor.dataType === dtypes.float32.code || tensor.dataType === dtypes.float16.code;
    if (readers.length === 0 || dtypeKind(tensor) === "index") continue;
    const reason = shielded.has(value.name)
      ? say("common.protectedByName")
      : readers.some(({ node }) => node.name !== undefined && shielded.has(node.name))
        ? say("common.protectedByNode")
        : !isFloat
          ? say("pruning.otherType", { type: dtypeName(tensor.dataType) })
          : other !== undefined
            ? say("pruning.otherUse", { node: nodeRemark(other) })
            : elementCount(tensor.dims) === 0
              ? say("pruning.empty")
              : undefined;
    if (reason === undefined) {
      checkStored(tensor);
      weights.push({ value, tensor, readers });
    } else skipped.push({ name: value.name, reason });
  }
  return { weights, skipped, unknown: protect.filter((name) => !names.has(name)) };
}

function checkStored(tensor: Tensor): void {
  const place = tensorPlace(tensor);
  for (const problem of tensorProblems(tensor, place)) throw problem;
  if (isExternal(tensor) && tensor.rawData === undefined)
    throw new EngineError("unsupported", "Its external data has not been loaded", place);
}

/** Integer tensors that Gather or MatMul read are indices and shapes, nothing to report. */
function dtypeKind(tensor: Tensor): "index" | "number" {
  const indices: number[] = [dtypes.int64.code, dtypes.int32.code, dtypes.bool.code, dtypes.string.code];
  return indices.includes(tensor.dataType) ? "index" : "number";
}
