import type { ModelIndex } from "#engine/graph/index.ts";
import { inferShapes } from "#engine/graph/shapes/infer.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import type { Graph, Model, Node } from "#engine/onnx/model.ts";
import type { Range } from "../calibration/range.ts";
import { type Place, places } from "../observation/place.ts";
import type { Sight } from "../observation/sight.ts";
import { reportName, type Skip } from "../pass.ts";
import { hasWeightInput } from "./weight-inputs.ts";

/** Where the values that nodes read or make, and that may be float32, are seen. */
export function valuesOf(model: Model, index: ModelIndex, nodes: ReadonlySet<Node>): Map<Node, Place[]> {
  const shapes = inferShapes(model);
  const at = places();
  const found = new Map<Node, Place[]>();
  for (const scope of index.scopes) {
    for (const node of scope.body.node) {
      if (!nodes.has(node)) continue;
      const seen = [...node.input, ...node.output].flatMap((name) => {
        const value = name === "" ? undefined : index.resolve(scope, name);
        const graph = value?.scope.graph;
        if (value === undefined || graph === undefined || value.initializer !== undefined) return [];
        const dtype = shapes.info(graph, name)?.dtype;
        return dtype === undefined || dtype === dtypes.float32.code ? [at(scope, name)] : [];
      });
      found.set(node, seen);
    }
  }
  return found;
}

/** Leaves out the nodes of subgraphs of which a value was not seen. */
export function leaveUnseen(
  inner: Set<Node>,
  values: ReadonlyMap<Node, readonly Place[]>,
  sight: Sight,
): Skip[] {
  const skipped: Skip[] = [];
  for (const node of [...inner]) {
    const faults = (values.get(node) ?? []).flatMap((place) => sight.fault([place]) ?? []);
    const [reason] = faults;
    if (reason === undefined) continue;
    inner.delete(node);
    if (hasWeightInput(node)) skipped.push({ name: reportName(node), reason });
  }
  return skipped;
}

export function rangesByGraph(ranges: ReadonlyMap<Place, Range>): Map<Graph, Map<string, Range>> {
  const found = new Map<Graph, Map<string, Range>>();
  for (const [{ scope, name }, range] of ranges) {
    if (scope.graph === undefined) continue;
    const own = found.get(scope.graph) ?? new Map<string, Range>();
    found.set(scope.graph, own.set(name, range));
  }
  return found;
}
