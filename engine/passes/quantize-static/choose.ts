import type { ModelIndex } from "#engine/graph/index.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isFloat32 } from "../constants.ts";
import { isStandard } from "../domains.ts";
import { reportName, type Skip } from "../pass.ts";
import { leftOut, selectionOf } from "../quantization/nodes.ts";
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

/** What is said of nodes beyond the main graph. */
const outside = { subgraph: "inSubgraph", function: "inFunction", training: "inTraining" } as const;

export interface Choice {
  readonly chosen: Set<Node>;
  readonly skipped: Skip[];
}

/** The nodes that the options ask for; what has weights and is left alone is named with the reason. */
export function chooseNodes(index: ModelIndex, options: QuantizeStaticOptions): Choice {
  const selection = selectionOf(options);
  const chosen = new Set<Node>();
  const skipped: Skip[] = [];
  const skip = (node: Node, reason: EngineRemark) => skipped.push({ name: reportName(node), reason });
  for (const scope of index.scopes) {
    for (const node of scope.body.node) {
      if (!isStandard(node)) continue;
      const weighty = node.opType in weightInputs && !node.opType.startsWith("Gather");
      if (recurrent.has(node.opType)) {
        skip(node, say("quantize-static.recurrent", { op: node.opType }));
      } else if (!selection.types.has(node.opType)) {
        if (weighty) skip(node, say("quantize-static.notAmongTypes", { op: node.opType }));
      } else if (scope.kind !== "main") {
        if (weighty) skip(node, say(`quantize-static.${outside[scope.kind]}`));
      } else {
        const reason = leftOut(node, selection);
        if (reason === undefined) chosen.add(node);
        else if (weighty || selection.exclude.has(node.name ?? "")) skip(node, reason);
      }
    }
  }
  return { chosen, skipped };
}
