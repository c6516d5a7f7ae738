import type { ModelIndex } from "#engine/graph/index.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { nodeRemark, type Skip } from "../pass.ts";
import { prunableWeights, type WeightReader } from "../prune-magnitude/weights.ts";
import type { TrainLoraOptions } from "../train.lora.schema.ts";

/** A weight that gets a correction: what its readers multiply by has `rows` rows, one for each value of their input. */
export interface Target {
  readonly name: string;
  readonly tensor: Tensor;
  readonly rows: number;
  readonly columns: number;
  /** The tensor holds the matrix transposed. */
  readonly isTransposed: boolean;
  readonly readers: readonly Node[];
}

/** The matrices of the main graph beside which a correction can stand, and why others have none. */
export function loraTargets(
  index: ModelIndex,
  { protect, freeze, min_weights: least, rank }: TrainLoraOptions,
): { targets: Target[]; skipped: Skip[]; unknown: string[] } {
  const { weights, skipped, unknown } = prunableWeights(index, protect);
  const frozen = new Set(freeze);
  const targets: Target[] = [];
  for (const { value, tensor, readers } of weights) {
    const { name } = value;
    const [first = 1, second = 1] = tensor.dims;
    const count = first * second;
    const skip = (reason: Skip["reason"]) => skipped.push({ name, reason });
    const odd = readers.find((reader) => isTransposed(reader) === undefined);
    const [way, ...others] = readers.map(isTransposed);
    if (readers.some(({ scope }) => scope !== index.scopes[0])) skip(say("train-lora.notMain"));
    else if (
      tensor.dims.length !== 2 ||
      tensor.dataType !== dtypes.float32.code ||
      odd !== undefined ||
      others.some((other) => other !== way)
    ) {
      const node = (odd ?? readers[0])?.node;
      if (node !== undefined) skip(say("train-lora.notLinear", { node: nodeRemark(node) }));
    } else if (count < least) skip(say("train-lora.tooSmall", { count, least }));
    else if (rank * (first + second) >= count)
      skip(say("train-lora.rankTooLarge", { rank, rows: first, columns: second }));
    else if (!frozen.has(name)) {
      const [rows, columns] = way === true ? [second, first] : [first, second];
      targets.push({
        name,
        tensor,
        rows,
        columns,
        isTransposed: way === true,
        readers: readers.map(({ node }) => node),
      });
    }
  }
  return { targets, skipped, unknown };
}

/** Whether a reader multiplies its input by the transposed tensor; undefined where it does something else with it. */
function isTransposed({ node, position, transposed }: WeightReader): boolean | undefined {
  if (!isStandard(node) || position !== 1) return undefined;
  if (node.opType === "MatMul") return transposed;
  if (node.opType !== "Gemm" || (smallIntAttribute(node, "transA") ?? 0) !== 0) return undefined;
  return transposed !== ((smallIntAttribute(node, "transB") ?? 0) !== 0);
}
