import type { Node } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { type Change, reportName } from "../pass.ts";
import type { Source } from "./weight-inputs.ts";
import type { WriteResult } from "./write.ts";

/** The weights that became integers, node by node. */
export function integerChanges(
  sources: ReadonlyMap<Node, Source>,
  { weights, quantized }: WriteResult,
): Change[] {
  const changed: Change[] = [];
  for (const [node, { graph, names }] of sources) {
    if (!quantized.has(node)) continue;
    for (const name of names) {
      const form = weights.get(graph)?.get(name);
      if (form === undefined) continue;
      const { type, axis } = form.options;
      const scales = axis === undefined ? "perTensor" : "perChannel";
      changed.push({
        name: reportName(node),
        what: say(`quantization.${scales}`, { op: node.opType, weight: name, type }),
      });
    }
  }
  return changed;
}
