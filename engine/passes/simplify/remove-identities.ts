import { makeInts, removeAttribute, setAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { reportName } from "../pass.ts";
import { removeNodes } from "./constants.ts";
import {
  constantAt,
  inputOf,
  integersAt,
  isRead,
  outputValue,
  type Part,
  type Site,
  soleProducer,
  standardSites,
} from "./draft.ts";
import { composed, permOf, ruleFor } from "./identity-rules.ts";
import { Rewiring } from "./rewiring.ts";

/** Removes nodes whose result always equals an earlier value. */
export const removeIdentities: Part = (draft) => {
  const rewiring = new Rewiring(draft);
  for (const site of standardSites(draft)) {
    const { node } = site;
    const source = ruleFor(node)?.(site);
    const result = outputValue(site);
    if (source === undefined || result === undefined) continue;
    if (node.output.some((_, position) => position > 0 && isRead(outputValue(site, position)))) continue;
    const obstacle = rewiring.obstacle(result, source);
    if (obstacle !== undefined) {
      draft.log.skip(reportName(node), say("simplify.identityStays", { op: node.opType, obstacle }));
      continue;
    }
    rewiring.redirect(result, source);
    rewiring.remove(node);
    draft.log.changed("remove_identities", reportName(node), say("simplify.identity", { op: node.opType }));
  }
  rewiring.apply();
};

/** Makes one node of two that only rearrange: transpositions in a row, and reshapes whose last shape is written out. */
export const mergeChains: Part = (draft) => {
  const touched = new Set<Node>();
  const gone = new Set<Node>();
  for (const site of standardSites(draft)) {
    const { node } = site;
    const inner = innerOf(site);
    if (inner === undefined || touched.has(inner.node) || touched.has(node)) continue;
    if (node.opType === "Transpose") {
      const perm = composed(permOf(inner), permOf(site));
      if (perm === undefined) continue;
      setAttribute(node, makeInts("perm", perm));
    } else if (!writesItsShapeOut(site)) continue;
    node.input[0] = inner.node.input[0] ?? "";
    gone.add(inner.node);
    touched.add(inner.node).add(node);
    draft.log.changed(
      "remove_identities",
      reportName(inner.node),
      say("simplify.joined", { op: inner.node.opType, other: reportName(node) }),
    );
  }
  removeNodes(draft, gone);
};

function innerOf(site: Site): Site | undefined {
  const { opType } = site.node;
  if (opType === "Transpose") return soleProducer(site, 0, "Transpose");
  if (opType !== "Reshape" || site.opset < 5) return undefined;
  const inner = soleProducer(site, 0, "Reshape", "Flatten", "Squeeze", "Unsqueeze");
  return inner !== undefined && inputOf(inner, 0) !== undefined ? inner : undefined;
}

/** A constant shape that copies no dimension of the input. */
function writesItsShapeOut(site: Site): boolean {
  const shape = constantAt(site, 1) === undefined ? undefined : integersAt(site, 1, "");
  if (shape === undefined || shape.includes(0)) return false;
  removeAttribute(site.node, "allowzero");
  return true;
}
