import type { Value } from "#engine/graph/index.ts";
import type { Graph, Node } from "#engine/onnx/model.ts";
import type { Range } from "../calibration/range.ts";

/**
 * Ranges as they are used: what goes into a Relu or Clip alone need not reach beyond what comes out, and Softmax
 * gives 0 to 1 whatever the data did. After ONNX Runtime's `adjust_tensor_ranges`.
 *
 * @param values that the graph defines
 */
export function usedRanges(
  graph: Graph,
  values: ReadonlyMap<string, Value>,
  chosen: ReadonlySet<Node>,
  calibrated: ReadonlyMap<string, Range>,
): Map<string, Range> {
  const ranges = new Map(calibrated);
  for (const node of graph.node) {
    if (!chosen.has(node)) continue;
    const [input = "", output = ""] = [node.input[0], node.output[0]];
    if (node.opType === "Softmax") {
      if (ranges.has(output)) ranges.set(output, { low: 0, high: 1 });
    } else if (node.opType === "Relu" || node.opType === "Clip") {
      const uses = values.get(input)?.uses ?? [];
      const clipped = ranges.get(output);
      if (uses.length === 1 && ranges.has(input) && clipped !== undefined) ranges.set(input, clipped);
    }
  }
  return ranges;
}
