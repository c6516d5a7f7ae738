import type { Use } from "#engine/graph/index.ts";
import { smallIntsAttribute } from "#engine/onnx/attributes.ts";
import type { Visit } from "../visit.ts";

/**
 * Whether a Reshape splits features into attention heads as exporters write it: [.., S, H·D] → [.., S, H, D], and every
 * reader is a Transpose that puts the heads in front of the sequence.
 *
 * @param outer axes of the output that the features become, those of size 1 left out
 * @returns the axis of the heads
 */
export function isHeadAxis(visit: Visit, outer: readonly number[]): number | undefined {
  const rank = visit.outputShape(0)?.length ?? 0;
  const [head, dim] = [outer.at(-2), outer.at(-1)];
  const sequence = (outer[0] ?? 0) - 1;
  if (head === undefined || dim !== rank - 1 || head !== rank - 2 || sequence < 0) return undefined;
  const value = visit.trace.index.resolve(visit.scope, visit.node.output[0] ?? "");
  const uses = value?.uses ?? [];
  const inFront = ({ node }: Use) => {
    const perm = node.opType === "Transpose" ? smallIntsAttribute(node, "perm") : undefined;
    return perm !== undefined && perm.indexOf(head) < perm.indexOf(sequence);
  };
  return uses.length > 0 && uses.every(inFront) ? head : undefined;
}
