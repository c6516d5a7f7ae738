import { makeNode } from "#engine/onnx/attributes.ts";
import type { Attribute, Node } from "#engine/onnx/model.ts";
import type { Layout } from "./layout.ts";
import type { Perm } from "./perm.ts";

/**
 * Writes a node so that it works on what its inputs are transpositions of.
 *
 * @returns false where it has to get its inputs as they are; nothing has been written then
 */
export type LayoutRule = (node: Node, layout: Layout) => boolean;

/** Writes a node with other inputs, whose outputs are transposed by `perm` to be what they were. */
export function rewrite(
  node: Node,
  layout: Layout,
  input: string[],
  perm: Perm,
  attribute: Attribute[] = node.attribute,
): void {
  const output = node.output.map((name) => {
    if (name === "") return "";
    const made = layout.unique(`${name}_moved`);
    layout.setForm(name, made, perm);
    return made;
  });
  const { opType, name, domain } = node;
  layout.nodes.push(makeNode(opType, input, output, { name, domain, attribute }));
}

/** Attributes with some replaced, or added. */
export function withAttributes(node: Node, ...changed: Attribute[]): Attribute[] {
  const names = new Set(changed.map(({ name }) => name));
  return [...node.attribute.filter(({ name }) => !names.has(name)), ...changed];
}
