import { makeInts, makeNode, removeAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { type Adapter, type AdapterCall, constantOf, refuse, typeOf } from "../adapter.ts";

/** The second operand with `count` axes of length 1 behind its own. */
function padShape(call: AdapterCall, rank: number, count: number): Node[] {
  const { node } = call;
  const name = call.name(`${node.output[0] ?? ""}_operand`);
  const axes = Array.from({ length: count }, (_, index) => rank + index);
  const unsqueeze = makeNode("Unsqueeze", [node.input[1] ?? ""], [name], {
    attribute: [makeInts("axes", axes)],
  });
  node.input = [node.input[0] ?? "", name, ...node.input.slice(2)];
  return [unsqueeze, node];
}

/**
 * Arithmetic and comparison 7: until then `axis` said where the axes of the second operand begin; since then they are
 * counted from the right. Axes of length 1 make up the difference.
 */
export const broadcast7: Adapter = (call) => {
  const { node } = call;
  const on = smallIntAttribute(node, "broadcast") ?? 0;
  const axis = smallIntAttribute(node, "axis");
  removeAttribute(node, "broadcast");
  removeAttribute(node, "axis");
  if (on === 0 || axis === undefined) return [node];
  const left = typeOf(call, node.input[0] ?? "").rank;
  const right = typeOf(call, node.input[1] ?? "").rank;
  if (right === 0) return [node];
  if (left === undefined || right === undefined) {
    refuse(node, call.version, say("upgrade-opset.broadcastRanksUnknown"));
  }
  const start = axis < 0 ? axis + left : axis;
  const missing = left - start - right;
  if (missing < 0) refuse(node, call.version, say("upgrade-opset.broadcastUnfit"));
  return missing === 0 ? [node] : padShape(call, right, missing);
};

/** PRelu 7: one slope per channel was meant for axis 1; now it must broadcast from the right. */
export const prelu7: Adapter = (call) => {
  const { node } = call;
  const slope = constantOf(call, node.input[1] ?? "");
  if (slope?.dims.every((dim) => dim === 1)) return [node];
  const { rank } = typeOf(call, node.input[0] ?? "");
  const slopeRank = slope?.dims.length ?? typeOf(call, node.input[1] ?? "").rank;
  if (rank === undefined || slopeRank === undefined) {
    refuse(node, call.version, say("upgrade-opset.ranksUnknown"));
  }
  if (slopeRank !== 1 || rank <= 2) return [node];
  return padShape(call, 1, rank - 2);
};
