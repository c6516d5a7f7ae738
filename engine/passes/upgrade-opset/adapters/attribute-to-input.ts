import {
  floatAttribute,
  intAttribute,
  intsAttribute,
  makeInt,
  makeInts,
  removeAttribute,
  setAttribute,
} from "#engine/onnx/attributes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { say } from "#engine/say.ts";
import {
  type Adapter,
  type AdapterCall,
  constantNode,
  constantOf,
  float32Constant,
  int64Constant,
  refuse,
  typeOf,
} from "../adapter.ts";
import { onlyFloatType } from "../known-type.ts";

/** An attribute of integers that became an int64 input at `position`; an absent or empty one leaves the input out. */
export function intsToInput(attribute: string, position: number): Adapter {
  return (call) => {
    const { node } = call;
    const values = intsAttribute(node, attribute);
    removeAttribute(node, attribute);
    if (values === undefined || values.length === 0) return [node];
    const [constant, name] = int64Constant(call, attribute, values);
    setInput(node, position, name);
    return [constant, node];
  };
}

export function setInput(node: Node, position: number, name: string): void {
  while (node.input.length < position) node.input.push("");
  node.input[position] = name;
}

/** A scalar of the element type of the node's first input. */
export function scalarLikeInput(call: AdapterCall, suffix: string, value: number): [Node, string] {
  const dtype = typeOf(call, call.node.input[0] ?? "").dtype ?? onlyFloatType(call.index);
  return constantNode(call, suffix, (name): Tensor => {
    if (dtype === "float32") return makeTensor(name, "float32", [], Float32Array.of(value));
    if (dtype === "float64") return makeTensor(name, "float64", [], Float64Array.of(value));
    if (dtype === "float16") return makeTensor(name, "float16", [], float16Array([value]));
    return refuse(call.node, call.version, say("upgrade-opset.typeUnknown"));
  });
}

/** Clip 11: min and max became inputs. An absent bound had the largest float32 as default, which bounds nothing. */
export const clip11: Adapter = (call) => {
  const { node } = call;
  const nodes: Node[] = [];
  for (const [position, bound] of [
    [1, "min"],
    [2, "max"],
  ] as const) {
    const value = floatAttribute(node, bound);
    removeAttribute(node, bound);
    if (value === undefined) continue;
    const [constant, name] = scalarLikeInput(call, bound, value);
    nodes.push(constant);
    setInput(node, position, name);
  }
  return [...nodes, node];
};

/** Pad 11: pads and value became inputs. */
export const pad11: Adapter = (call) => {
  const { node } = call;
  const pads = intsAttribute(node, "pads");
  if (pads === undefined) refuse(node, call.version, say("upgrade-opset.attributeMissing", { name: "pads" }));
  const [padsNode, padsName] = int64Constant(call, "pads", pads);
  const [valueNode, valueName] = scalarLikeInput(call, "value", floatAttribute(node, "value") ?? 0);
  removeAttribute(node, "pads");
  removeAttribute(node, "value");
  node.input = [node.input[0] ?? "", padsName, valueName];
  return [padsNode, valueNode, node];
};

/** Slice 10: starts, ends and axes became inputs. */
export const slice10: Adapter = (call) => {
  const { node } = call;
  const constants: Node[] = [];
  const inputs = [node.input[0] ?? ""];
  for (const attribute of ["starts", "ends", "axes"]) {
    const values = intsAttribute(node, attribute);
    removeAttribute(node, attribute);
    if (values === undefined) {
      if (attribute !== "axes")
        refuse(node, call.version, say("upgrade-opset.attributeMissing", { name: attribute }));
      continue;
    }
    const [constant, name] = int64Constant(call, attribute, values);
    constants.push(constant);
    inputs.push(name);
  }
  node.input = inputs;
  return [...constants, node];
};

/** TopK 10: k became an input. */
export const topK10: Adapter = (call) => {
  const { node } = call;
  const k = intAttribute(node, "k");
  if (k === undefined) refuse(node, call.version, say("upgrade-opset.attributeMissing", { name: "k" }));
  const [constant, name] = int64Constant(call, "k", [k]);
  removeAttribute(node, "k");
  setInput(node, 1, name);
  return [constant, node];
};

/** Dropout 12: the ratio became an input. When a model is only run it is not used, but it belongs to the model. */
export const dropout12: Adapter = (call) => {
  const { node } = call;
  const ratio = floatAttribute(node, "ratio");
  removeAttribute(node, "ratio");
  if (ratio === undefined) return [node];
  const [constant, name] = constantNode(call, "ratio", (wanted) =>
    makeTensor(wanted, "float32", [], Float32Array.of(ratio)),
  );
  setInput(node, 1, name);
  return [constant, node];
};

/** Reshape 5: the shape became an input. */
export const reshape5: Adapter = (call) => {
  const { node } = call;
  const shape = intsAttribute(node, "shape");
  if (shape === undefined)
    refuse(node, call.version, say("upgrade-opset.attributeMissing", { name: "shape" }));
  const [constant, name] = int64Constant(call, "shape", shape);
  removeAttribute(node, "shape");
  removeAttribute(node, "consumed_inputs");
  node.input = [node.input[0] ?? "", name];
  return [constant, node];
};

/** Upsample 9: the scales became an input. */
export const upsample9: Adapter = (call) => {
  const { node } = call;
  const scales = node.attribute.find((attribute) => attribute.name === "scales")?.floats;
  if (scales === undefined)
    refuse(node, call.version, say("upgrade-opset.attributeMissing", { name: "scales" }));
  const [constant, name] = float32Constant(call, "scales", scales);
  removeAttribute(node, "scales");
  node.input = [node.input[0] ?? "", name];
  return [constant, node];
};

/** Split 18: without lengths the number of outputs must be said. */
export const split18: Adapter = ({ node }) => {
  if ((node.input[1] ?? "") === "") setAttribute(node, makeInt("num_outputs", node.output.length));
  return [node];
};

/** Split 2: the lengths, once an optional input, became an attribute (and an input again in 13). */
export const split2: Adapter = (call) => {
  if ((call.node.input[1] ?? "") !== "")
    refuse(call.node, call.version, say("upgrade-opset.lengthsComputed"));
  return [call.node];
};

/** DFT 20: the axis became an input, and its default changed from 1 to −2. */
export const dft20: Adapter = (call) => {
  const { node } = call;
  const axis = intAttribute(node, "axis") ?? 1n;
  removeAttribute(node, "axis");
  const [constant, name] = constantNode(call, "axis", (wanted) =>
    makeTensor(wanted, "int64", [], BigInt64Array.of(axis)),
  );
  setInput(node, 2, name);
  return [constant, node];
};

/** Pad 2: the attribute `paddings` was renamed. */
export const pad2: Adapter = ({ node }) => {
  const pads = intsAttribute(node, "paddings");
  removeAttribute(node, "paddings");
  if (pads !== undefined) setAttribute(node, makeInts("pads", pads));
  return [node];
};

/** Tile 6: a count and an axis became one count for each axis. */
export const tile6: Adapter = (call) => {
  const { node } = call;
  const [count, axis] = [1, 2].map((position) => scalarOf(call, node.input[position] ?? ""));
  const { rank } = typeOf(call, node.input[0] ?? "");
  if (count === undefined || axis === undefined)
    refuse(node, call.version, say("upgrade-opset.tilesComputed"));
  if (rank === undefined || axis < 0 || axis >= rank)
    refuse(node, call.version, say("upgrade-opset.rankUnknown"));
  const repeats = Array.from({ length: rank }, (_, at) => (at === axis ? count : 1));
  const [constant, name] = int64Constant(call, "repeats", repeats);
  node.input = [node.input[0] ?? "", name];
  return [constant, node];
};

function scalarOf(call: AdapterCall, name: string): number | undefined {
  const tensor = constantOf(call, name);
  const values = tensor === undefined ? [] : Array.from(readTensor(tensor), Number);
  return values.length === 1 ? values[0] : undefined;
}
