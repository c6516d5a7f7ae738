import type { Node } from "#engine/onnx/model.ts";
import type { Layout } from "./layout.ts";
import type { Perm } from "./perm.ts";

/**
 * The transposition that all inputs of a node had best share; undefined where it is cheaper to have them as they are. What
 * counts is how many values have to be moved for it.
 */
export function commonPerm(node: Node, layout: Layout): Perm | undefined {
  const inputs = node.input.filter((name) => name !== "");
  const rank = layout.dims(node.output[0] ?? "")?.length;
  const isKnown = inputs.every(
    (name) => (layout.dims(name)?.length ?? Number.POSITIVE_INFINITY) <= (rank ?? -1),
  );
  if (!isKnown) return undefined;
  const moved = inputs.filter((name) => layout.forms.has(name));
  let [best, least]: [Perm | undefined, number] = [undefined, costOf(moved, layout)];
  for (const name of moved) {
    const perm = layout.forms.get(name)?.perm;
    if (perm === undefined || perm.length !== rank) continue;
    const cost = costOf(
      inputs.filter((other) => !layout.isFree(other, perm)),
      layout,
    );
    if (cost < least || (cost === least && best === undefined)) [best, least] = [perm, cost];
  }
  return best;
}

function costOf(names: readonly string[], layout: Layout): number {
  return [...new Set(names)].reduce((sum, name) => sum + layout.cost(name), 0);
}

/** Each input as what `perm` makes the input of. */
export function counterparts(node: Node, layout: Layout, perm: Perm): string[] {
  return node.input.map((name) => (name === "" ? "" : (layout.counterpart(name, perm) ?? name)));
}
