import type { ModelIndex } from "#engine/graph/index.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { reportName, type Skip } from "../pass.ts";
import { leftOut, selectionOf } from "../quantization/nodes.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";
import { stateCarriers } from "./state.ts";
import { hasWeightInput } from "./weight-inputs.ts";

const recurrent = new Set(["LSTM", "GRU", "RNN"]);

/** What is said of nodes beyond the main graph and its subgraphs. */
const outside = { function: "inFunction", training: "inTraining" } as const;

export interface Choice {
  /** Nodes of the main graph. */
  readonly chosen: Set<Node>;
  /** Nodes of subgraphs. */
  readonly inner: Set<Node>;
  readonly skipped: Skip[];
}

/** The nodes that the options ask for; what has weights and is left alone is named with the reason. */
export function chooseNodes(index: ModelIndex, options: QuantizeStaticOptions): Choice {
  const selection = selectionOf(options);
  const chosen = new Set<Node>();
  const inner = new Set<Node>();
  const skipped: Skip[] = [];
  const stateReasons = stateCarriers(index, selection.types);
  const skip = (node: Node, reason: EngineRemark) => skipped.push({ name: reportName(node), reason });
  for (const scope of index.scopes) {
    for (const node of scope.body.node) {
      if (!isStandard(node)) continue;
      const weighty = hasWeightInput(node) && !node.opType.startsWith("Gather");
      if (recurrent.has(node.opType)) {
        skip(node, say("quantize-static.recurrent", { op: node.opType }));
      } else if (!selection.types.has(node.opType)) {
        if (weighty) skip(node, say("quantize-static.notAmongTypes", { op: node.opType }));
      } else if (scope.kind !== "main" && scope.kind !== "subgraph") {
        if (weighty) skip(node, say(`quantize-static.${outside[scope.kind]}`));
      } else {
        const reason = leftOut(node, selection) ?? stateReasons.get(node);
        if (reason === undefined) (scope.kind === "main" ? chosen : inner).add(node);
        else if (weighty || selection.exclude.has(node.name ?? "")) skip(node, reason);
      }
    }
  }
  return { chosen, inner, skipped };
}
