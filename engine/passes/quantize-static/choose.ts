import type { ModelIndex } from "#engine/graph/index.ts";
import { nodePlace } from "#engine/graph/scope.ts";
import type { Node } from "#engine/onnx/model.ts";
import { isFloat32 } from "../constants.ts";
import { isStandard } from "../domains.ts";
import type { Skip } from "../pass.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";

/** Inputs that hold the weight of an operator: these make the file smaller. */
const weightInputs: Readonly<Record<string, readonly number[]>> = {
  Conv: [1],
  ConvTranspose: [1],
  Gemm: [1],
  MatMul: [0, 1],
  Gather: [0],
  GatherElements: [0],
};

const recurrent = new Set(["LSTM", "GRU", "RNN"]);

export function reportName(node: Node): string {
  return node.name || nodePlace(node);
}

/** Names of the float32 initialisers that are a weight of this node. */
export function weightsOf(index: ModelIndex, node: Node): string[] {
  const main = index.scopes[0];
  if (main === undefined) return [];
  return (weightInputs[node.opType] ?? [])
    .map((position) => node.input[position] ?? "")
    .filter((name) => {
      const tensor = name === "" ? undefined : index.values(main).get(name)?.initializer;
      return tensor !== undefined && isFloat32(tensor);
    });
}

export interface Choice {
  readonly chosen: Set<Node>;
  readonly skipped: Skip[];
}

/** The nodes that the options ask for; what has weights and is left alone is named with the reason. */
export function chooseNodes(index: ModelIndex, options: QuantizeStaticOptions): Choice {
  const types = new Set<string>(options.op_types);
  const include = new Set(options.nodes_to_include);
  const exclude = new Set(options.nodes_to_exclude);
  const chosen = new Set<Node>();
  const skipped: Skip[] = [];
  const skip = (node: Node, reason: string) => skipped.push({ name: reportName(node), reason });
  for (const scope of index.scopes) {
    for (const node of scope.body.node) {
      if (!isStandard(node)) continue;
      const weighty = node.opType in weightInputs && !node.opType.startsWith("Gather");
      if (recurrent.has(node.opType)) {
        skip(node, `${node.opType} has no statically quantised kernel: quantize.dynamic covers LSTM`);
      } else if (!types.has(node.opType)) {
        if (weighty) skip(node, `${node.opType} is not among op_types`);
      } else if (scope.kind !== "main") {
        if (weighty) skip(node, `it is in a ${scope.kind}, and only the main graph is calibrated`);
      } else if (include.size > 0 && !include.has(node.name ?? "")) {
        if (weighty) skip(node, "not among nodes_to_include");
      } else if (exclude.has(node.name ?? "")) {
        skip(node, "excluded by nodes_to_exclude");
      } else {
        chosen.add(node);
      }
    }
  }
  return { chosen, skipped };
}
