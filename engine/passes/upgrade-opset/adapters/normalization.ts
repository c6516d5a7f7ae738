import {
  floatAttribute,
  makeInt,
  makeNode,
  removeAttribute,
  smallIntAttribute,
} from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { type Adapter, type AdapterCall, int64Constant, isRead, refuse } from "../adapter.ts";
import { scalarLikeInput } from "./attribute-to-input.ts";

/** BatchNormalization 7 and 14: training outputs have another meaning. */
export const batchNormalization: Adapter = (call) => {
  const { node } = call;
  if (node.output.slice(1).some((name) => isRead(call, name))) {
    refuse(node, call.version, say("upgrade-opset.trainingOutputs"));
  }
  if (call.version === 9 && smallIntAttribute(node, "spatial") === 0) return normalizeEach(call);
  const gone = { 6: ["consumed_inputs"], 7: ["is_test"], 9: ["spatial"] }[call.version] ?? [];
  for (const name of gone) removeAttribute(node, name);
  if (call.version >= 7) node.output = node.output.slice(0, 1);
  return [node];
};

/**
 * BatchNormalization with spatial = 0, which opset 9 took away: every position has its own statistics, of the shape
 * of the input without the batch. Written out, y = scale·(x − mean)/√(variance + ε) + bias.
 */
function normalizeEach(call: AdapterCall): Node[] {
  const { node } = call;
  const [x = "", scale = "", bias = "", mean = "", variance = ""] = node.input;
  const output = node.output[0] ?? "";
  const [epsilonNode, epsilon] = scalarLikeInput(call, "epsilon", floatAttribute(node, "epsilon") ?? 1e-5);
  const name = (suffix: string) => call.name(`${output}_${suffix}`);
  const [centred, shifted, deviation, normal, scaled] = [
    name("centred"),
    name("shifted"),
    name("deviation"),
    name("normal"),
    name("scaled"),
  ];
  return [
    epsilonNode,
    makeNode("Sub", [x, mean], [centred]),
    makeNode("Add", [variance, epsilon], [shifted]),
    makeNode("Sqrt", [shifted], [deviation]),
    makeNode("Div", [centred, deviation], [normal]),
    makeNode("Mul", [normal, scale], [scaled]),
    makeNode("Add", [scaled, bias], [output], { name: node.name }),
  ];
}

/**
 * GroupNormalization 21: scale and bias, once one number per group, are one per channel. Each is repeated for the
 * channels of its group.
 */
export const groupNormalization21: Adapter = (call) => {
  const { node } = call;
  const groups = smallIntAttribute(node, "num_groups");
  if (groups === undefined || groups < 1)
    refuse(node, call.version, say("upgrade-opset.attributeMissing", { name: "num_groups" }));
  const [x = "", ...parameters] = node.input;
  const channels = call.name(`${x}_channels`);
  const perGroup = call.name(`${x}_per_group`);
  const target = call.name(`${x}_repeats`);
  const [groupsNode, count] = int64Constant(call, "groups", [groups]);
  const [oneNode, one] = int64Constant(call, "one", [1]);
  const [columnNode, column] = int64Constant(call, "column", [-1, 1]);
  const [flatNode, flat] = int64Constant(call, "flat", [-1]);
  const nodes = [
    groupsNode,
    oneNode,
    columnNode,
    flatNode,
    makeNode("Shape", [x], [channels], { attribute: [makeInt("start", 1), makeInt("end", 2)] }),
    makeNode("Div", [channels, count], [perGroup]),
    makeNode("Concat", [one, perGroup], [target], { attribute: [makeInt("axis", 0)] }),
  ];
  const repeated = parameters.slice(0, 2).map((parameter) => {
    const [rows, wide, all] = ["rows", "wide", "channels"].map((suffix) =>
      call.name(`${parameter}_${suffix}`),
    );
    nodes.push(
      makeNode("Reshape", [parameter, column], [rows ?? ""]),
      makeNode("Expand", [rows ?? "", target], [wide ?? ""]),
      makeNode("Reshape", [wide ?? "", flat], [all ?? ""]),
    );
    return all ?? "";
  });
  node.input = [x, ...repeated];
  return [...nodes, node];
};
