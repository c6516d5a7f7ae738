import type { Node } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { reportName, type Skip } from "../pass.ts";
import type { Trace } from "./visit.ts";

/** Units that are ranked together: those of one layer, and of all layers that share a unit with it. */
export interface Group {
  /** The first layer that makes them. */
  readonly name: string;
  readonly layers: number;
  /** In the order of their first positions. */
  readonly units: readonly number[];
  /** Units of the same layers that stay in any case. */
  readonly fixed: number;
}

interface Draft {
  readonly nodes: Set<Node>;
  readonly units: Set<number>;
  readonly fixed: Set<number>;
}

/** Sorts the units that may go into groups, and says of each layer all of whose units stay why they do. */
export function groupUnits(trace: Trace): { groups: Group[]; skipped: Skip[] } {
  const { units } = trace;
  const drafts = new Map<number, Draft>();
  const skipped = new Map<Node, Skip>();
  for (const { axis, node } of trace.producers) {
    const free = new Set<number>();
    const fixed = new Set<number>();
    for (const position of axis) {
      (units.lockOf(position) === undefined ? free : fixed).add(units.find(position));
    }
    if (free.size === 0) {
      const reason = say("prune-structured.unitsStay", { reason: units.lockOf(axis[0] ?? 0) ?? "" });
      skipped.set(node, { name: reportName(node), reason });
      continue;
    }
    const draft: Draft = { nodes: new Set([node]), units: free, fixed };
    for (const unit of [...free]) {
      const other = drafts.get(unit);
      if (other === undefined || other === draft) continue;
      for (const each of other.nodes) draft.nodes.add(each);
      for (const each of other.units) draft.units.add(each);
      for (const each of other.fixed) draft.fixed.add(each);
      for (const each of other.units) drafts.set(each, draft);
    }
    for (const unit of draft.units) drafts.set(unit, draft);
  }
  const order = new Map<Node, number>();
  trace.producers.forEach(({ node }, at) => {
    if (!order.has(node)) order.set(node, at);
  });
  const groups = [...new Set(drafts.values())].map((draft): Group => {
    const [first] = [...draft.nodes].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
    return {
      name: first === undefined ? "" : reportName(first),
      layers: draft.nodes.size,
      units: [...draft.units].sort((a, b) => a - b),
      fixed: draft.fixed.size,
    };
  });
  return {
    groups: groups.sort((a, b) => (a.units[0] ?? 0) - (b.units[0] ?? 0)),
    skipped: [...skipped.values()],
  };
}
