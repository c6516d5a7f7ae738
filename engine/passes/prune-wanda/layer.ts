import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, isRemark, say } from "#engine/say.ts";
import { findConstant } from "../constants.ts";
import { isStandard } from "../domains.ts";
import type { Place } from "../observation/place.ts";
import { nodeRemark } from "../pass.ts";
import type { PrunableWeight, WeightReader } from "../prune-magnitude/weights.ts";
import { type Lines, linesAlong } from "../pruning/lines.ts";
import { reductionLines } from "../pruning/reduction.ts";
import { addSquares } from "./matrix-norms.ts";
import { addPatchSquares } from "./patch-norms.ts";
import { walksOf } from "./window.ts";

/** What a node that reads a weight multiplies it by. */
export interface Source {
  readonly place: Place;
  readonly node: Node;
  /** Axis that meets the weight's reduction axis, from the end (−1 the last); undefined for Conv. */
  readonly axis: -1 | -2 | undefined;
}

/** A weight whose scores can be worked out. */
export interface Layer {
  readonly weight: PrunableWeight;
  readonly sources: readonly Source[];
  /** One line per output: what is compared with each other. */
  readonly rows: Lines;
  /** The lines along which n:m groups are formed. */
  readonly inputs: Lines;
  /**
   * Σ x² of what each weight meets: one entry per entry of a matrix's reduction axis, or [channels, kernel…] for a
   * convolution, all its groups together.
   */
  readonly squares: Float64Array;
  /** Groups of a convolution, 1 otherwise. */
  readonly groups: number;
}

const supported = new Set(["MatMul", "Gemm", "Conv"]);

/**
 * The layer that a weight makes, or a reason why its inputs are not looked at.
 *
 * @param at maker of places
 */
export function layerOf(
  index: ModelIndex,
  weight: PrunableWeight,
  at: (scope: Scope, name: string) => Place,
): Layer | EngineRemark {
  const { tensor, readers } = weight;
  const inputs = reductionLines(weight);
  if (isRemark(inputs)) return inputs;
  const { dims } = tensor;
  const sources: Source[] = [];
  let kind: "matrix" | "convolution" | undefined;
  let groups = 1;
  for (const reader of readers) {
    const { node, scope } = reader;
    if (!isStandard(node) || !supported.has(node.opType)) {
      return say("prune-wanda.otherOperator", { node: nodeRemark(node) });
    }
    if (scope.kind === "function") return say("prune-wanda.functionReads");
    if (scope.kind === "training") return say("prune-wanda.trainingReads");
    const isConv = node.opType === "Conv";
    if (kind !== undefined && (kind === "convolution") !== isConv) return say("prune-wanda.differentKinds");
    const wanted = isConv ? (smallIntAttribute(node, "group") ?? 1) : 1;
    if (kind !== undefined && wanted !== groups) return say("prune-wanda.differentGroups");
    kind = isConv ? "convolution" : "matrix";
    groups = wanted;
    const name = node.input[isConv ? 0 : 1 - reader.position] ?? "";
    if (name === "" || findConstant(index, scope, name) !== undefined) {
      return say("prune-wanda.byConstant", { node: nodeRemark(node) });
    }
    sources.push({ place: at(scope, name), node, axis: isConv ? undefined : otherAxis(reader) });
  }
  if (kind === "matrix") {
    if (dims.length !== 2) return say("prune-wanda.stack");
    return { weight, sources, rows: inputs, inputs, squares: new Float64Array(inputs.length), groups };
  }
  const [outputs = 0, perGroup = 0, ...kernel] = dims;
  if (groups < 1 || outputs % groups !== 0) return say("prune-wanda.oddGroups");
  const positions = kernel.reduce((a, b) => a * b, 1);
  const rows = linesAlong([outputs, perGroup * positions], 1);
  // At most as long as the weight itself: every group has at least one output.
  const squares = new Float64Array(groups * perGroup * positions);
  return { weight, sources, rows, inputs, squares, groups };
}

/** Axis of the other operand that meets the reduction axis: the last of a left operand [M, K], −2 of a right one. */
function otherAxis(reader: WeightReader): -1 | -2 {
  const isRight = reader.position === 1;
  if (reader.node.opType !== "Gemm") return isRight ? -1 : -2;
  const flag = isRight ? "transA" : "transB";
  const flipped = (smallIntAttribute(reader.node, flag) ?? 0) !== 0;
  return isRight !== flipped ? -1 : -2;
}

/**
 * Adds what one batch shows of a source.
 *
 * @returns a reason where the value does not fit the weight
 */
export function addSource(
  { weight, squares, groups }: Layer,
  { node, axis }: Source,
  values: ArrayLike<number>,
  dims: readonly number[],
): EngineRemark | undefined {
  const unfit = say("prune-wanda.unfit", { node: nodeRemark(node) });
  if (axis !== undefined) {
    // A vector is a left operand's last and a right operand's only axis.
    const at = dims.length === 1 ? 0 : dims.length + axis;
    if (dims.length === 0 || dims[at] !== squares.length) return unfit;
    addSquares(values, dims, at, squares);
    return undefined;
  }
  const [, perGroup = 0, ...kernel] = weight.tensor.dims;
  const walks = walksOf(node, dims.slice(2), kernel);
  if (walks === undefined || dims[1] !== groups * perGroup) return unfit;
  addPatchSquares(values, dims, walks, squares);
  return undefined;
}
