import { axisOf } from "#engine/graph/shapes/info.ts";
import {
  makeInt,
  makeInts,
  makeNode,
  smallIntAttribute,
  smallIntsAttribute,
} from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { commonPerm, counterparts } from "../align.ts";
import type { Layout } from "../layout.ts";
import { isIdentity, type Perm, without } from "../perm.ts";
import { type LayoutRule, rewrite, withAttributes } from "../rule.ts";

/** One axis named by an attribute; what comes out has the axes of what goes in. */
function along(fallback: number): LayoutRule {
  return (node, layout) => {
    const perm =
      node.input.length > 1 && node.opType === "Concat" ? commonPerm(node, layout) : formOf(node, layout);
    if (perm === undefined) return false;
    const axis = axisOf(smallIntAttribute(node, "axis") ?? fallback, perm.length);
    const moved = axis === undefined ? undefined : perm[axis];
    if (moved === undefined) return false;
    const [first = "", ...rest] = node.input;
    const input =
      node.opType === "Concat"
        ? counterparts(node, layout, perm)
        : [layout.forms.get(first)?.source ?? first, ...rest];
    rewrite(node, layout, input, perm, withAttributes(node, makeInt("axis", moved)));
    return true;
  };
}

function formOf(node: Node, layout: Layout): Perm | undefined {
  return layout.forms.get(node.input[0] ?? "")?.perm;
}

export const concat = along(0);
export const softmax = along(-1);
export const split = along(0);

/** Sums, means and the like over some axes. */
export const reduce: LayoutRule = (node, layout) => {
  const [x = "", given = ""] = node.input;
  const form = layout.forms.get(x);
  if (form === undefined) return false;
  const rank = form.perm.length;
  const named = given === "" ? smallIntsAttribute(node, "axes") : layout.integers(given);
  if (given !== "" && named === undefined) return false;
  const isNothing =
    (named ?? []).length === 0 && (smallIntAttribute(node, "noop_with_empty_axes") ?? 0) !== 0;
  if (isNothing) return false;
  const axes = named === undefined || named.length === 0 ? [...form.perm.keys()] : inRange(named, rank);
  if (axes === undefined) return false;
  const moved = axes.map((axis) => form.perm[axis] ?? axis).sort((a, b) => a - b);
  const attribute = given === "" ? withAttributes(node, makeInts("axes", moved)) : node.attribute;
  const input = given === "" ? [form.source] : [form.source, layout.integerConstant(moved, `${given}_moved`)];
  const keeps = (smallIntAttribute(node, "keepdims") ?? 1) !== 0;
  const perm = keeps ? form.perm : without(form.perm, new Set(axes));
  write(node, layout, input, perm, attribute);
  return true;
};

/** ArgMax and ArgMin. */
export const select: LayoutRule = (node, layout) => {
  const form = layout.forms.get(node.input[0] ?? "");
  const axis = form && axisOf(smallIntAttribute(node, "axis") ?? 0, form.perm.length);
  const moved = axis === undefined ? undefined : form?.perm[axis];
  if (form === undefined || axis === undefined || moved === undefined) return false;
  const keeps = (smallIntAttribute(node, "keepdims") ?? 1) !== 0;
  const perm = keeps ? form.perm : without(form.perm, new Set([axis]));
  write(node, layout, [form.source], perm, withAttributes(node, makeInt("axis", moved)));
  return true;
};

/** Takes axes of length 1 away. */
export const squeeze: LayoutRule = (node, layout) => {
  const [x = "", given = ""] = node.input;
  const form = layout.forms.get(x);
  const named = layout.integers(given);
  const axes = form && named && inRange(named, form.perm.length);
  if (form === undefined || axes === undefined) return false;
  const moved = axes.map((axis) => form.perm[axis] ?? axis).sort((a, b) => a - b);
  const input = [form.source, layout.integerConstant(moved, `${given}_moved`)];
  write(node, layout, input, without(form.perm, new Set(axes)), node.attribute);
  return true;
};

/** Writes a node whose output is a transposition, or just what it was. */
function write(node: Node, layout: Layout, input: string[], perm: Perm, attribute: Node["attribute"]): void {
  if (!isIdentity(perm)) {
    rewrite(node, layout, input, perm, attribute);
    return;
  }
  const { opType, output, name, domain } = node;
  layout.nodes.push(makeNode(opType, input, output, { name, domain, attribute }));
}

function inRange(axes: readonly number[], rank: number): number[] | undefined {
  const found = axes.map((axis) => axisOf(axis, rank));
  return found.every((axis) => axis !== undefined) ? found : undefined;
}
