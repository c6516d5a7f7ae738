import type { ModelIndex, Value } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { type Constant, findConstant } from "../constants.ts";
import { isStandard } from "../domains.ts";
import { nodeRemark } from "../pass.ts";

/** A node that multiplies by a weight, and how. */
export interface Reader {
  readonly node: Node;
  readonly scope: Scope;
  /** "left": MatMul whose first input is the weight. */
  readonly kind: "matmul" | "left" | "gemm" | "conv" | "gather";
  /** The node works with the transposed tensor. */
  readonly transposed: boolean;
}

/** Everyone who reads a tensor. */
export interface Found {
  readonly tensor: Tensor;
  readonly readers: Reader[];
  /** A use that no factorisation can serve, in words; undefined where there is none. */
  other: EngineRemark | undefined;
}

/** Nodes that hand a weight on; `findConstant` looks through them. */
const carriers = new Set(["Identity", "Transpose"]);

/**
 * Finds the tensors that nodes multiply by, in every scope, and all their uses: a tensor that anything else reads
 * would have to stay beside its factors.
 *
 * @param opTypes operators to factorise
 */
export function weightReaders(index: ModelIndex, opTypes: ReadonlySet<string>): Map<Value, Found> {
  const found = new Map<Value, Found>();
  const entryOf = ({ value, tensor }: Constant): Found => {
    const entry = found.get(value) ?? { tensor, readers: [], other: undefined };
    found.set(value, entry);
    return entry;
  };
  for (const scope of index.scopes) {
    for (const node of scope.body.node) {
      let taken = false;
      node.input.forEach((name, position) => {
        const constant = name === "" ? undefined : findConstant(index, scope, name);
        if (constant === undefined) return;
        const entry = entryOf(constant);
        if (isStandard(node) && carriers.has(node.opType)) {
          if (findConstant(index, scope, node.output[0] ?? "") === undefined)
            entry.other ??= nodeRemark(node);
          return;
        }
        const reader = taken ? undefined : readerOf(node, scope, position, constant, opTypes);
        if (reader === undefined) entry.other ??= nodeRemark(node);
        else entry.readers.push(reader);
        taken ||= reader !== undefined;
      });
    }
    for (const output of scope.body.output) {
      const constant = findConstant(index, scope, typeof output === "string" ? output : output.name);
      if (constant !== undefined) entryOf(constant).other ??= say("factorize-svd.graphOutput");
    }
  }
  return found;
}

function readerOf(
  node: Node,
  scope: Scope,
  position: number,
  { tensor, transposed }: Constant,
  opTypes: ReadonlySet<string>,
): Reader | undefined {
  if (!isStandard(node) || !opTypes.has(node.opType)) return undefined;
  const rank = tensor.dims.length;
  if (node.opType === "Conv") {
    return position === 1 && rank >= 3 ? { node, scope, kind: "conv", transposed } : undefined;
  }
  if (rank !== 2) return undefined;
  if (node.opType === "MatMul") return { node, scope, kind: position === 1 ? "matmul" : "left", transposed };
  if (node.opType === "Gemm" && position === 1) {
    const flipped = smallIntAttribute(node, "transB") === 1;
    return { node, scope, kind: "gemm", transposed: transposed !== flipped };
  }
  if (node.opType === "Gather" && position === 0 && (smallIntAttribute(node, "axis") ?? 0) === 0) {
    return { node, scope, kind: "gather", transposed };
  }
  return undefined;
}

/** The node maps as many inputs as the tensor has columns to as many outputs as it has rows; else the other way. */
export function mapsColumnsToRows({ kind, transposed }: Reader): boolean {
  return (kind === "conv" || kind === "left") !== transposed;
}
