import {
  intsAttribute,
  makeInts,
  makeNode,
  removeAttribute,
  setAttribute,
  smallIntAttribute,
} from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { type Adapter, type AdapterCall, refuse } from "../adapter.ts";

/**
 * Scan 9 has neither a batch nor lengths of its sequences. Where the batch is known to be 1, the axis is taken away
 * before and put back after; a larger batch would have to become a loop around the scan.
 */
export const scan9: Adapter = (call) => {
  const { node } = call;
  const [lengths = "", ...inputs] = node.input;
  if (lengths !== "") refuse(node, call.version, say("upgrade-opset.ownLengths"));
  if (smallIntAttribute(node, "num_scan_inputs") === undefined)
    refuse(node, call.version, say("upgrade-opset.noSequences"));
  if (!inputs.some((name) => batchOf(call, name) === 1)) {
    refuse(node, call.version, say("upgrade-opset.batchUnknown"));
  }
  const axes = [makeInts("axes", [0])];
  const before: Node[] = [];
  node.input = inputs.map((name) => {
    const single = call.name(`${name}_single`);
    before.push(makeNode("Squeeze", [name], [single], { attribute: axes }));
    return single;
  });
  const after: Node[] = [];
  node.output = node.output.map((name) => {
    if (name === "") return "";
    const single = call.name(`${name}_single`);
    after.push(makeNode("Unsqueeze", [single], [name], { attribute: axes }));
    return single;
  });
  const directions = intsAttribute(node, "directions");
  removeAttribute(node, "directions");
  if (directions !== undefined) setAttribute(node, makeInts("scan_input_directions", directions));
  return [...before, node, ...after];
};

function batchOf(call: AdapterCall, name: string): number | string | undefined {
  const value = call.index.resolve(call.scope, name);
  if (value?.initializer !== undefined) return value.initializer.dims[0];
  const graph = value?.scope.graph;
  return graph === undefined ? undefined : call.shapes.info(graph, name)?.shape?.[0];
}
