import { makeInt, stringAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { own } from "#engine/own.ts";
import { fullRange } from "../quantization/range.ts";
import { roundToEven } from "../quantization/scale.ts";
import { clipsByItself } from "./clipping.ts";
import { emitConv, emitGemm, emitMatMul } from "./qoperator-products.ts";
import { type IntegerValue, type QOperatorWriter, triple } from "./qoperator-writer.ts";

/** Emits the integer form of a node; false where it has none here and stays as it is. */
export type Emit = (writer: QOperatorWriter, node: Node) => boolean;

const at = (node: Node, position: number) => node.input[position] ?? "";
const out = (node: Node) => node.output[0] ?? "";

/** Operators with a result of their own scale: QLinear… of com.microsoft. */
const linear =
  (count: number): Emit =>
  (writer, node) => {
    const names = node.input.slice(0, count);
    if (!writer.draft.ranges.has(out(node)) || !names.every((name) => writer.canQuantize(name))) return false;
    const inputs = names.map((name) => writer.activation(name));
    const result = writer.result(out(node));
    if (result === undefined || !inputs.every((input) => input !== undefined)) return false;
    const wanted = [...inputs.flatMap(triple), result.scale, result.zeroPoint];
    writer.emit(`QLinear${node.opType}`, node, wanted, [result.value]);
    return true;
  };

const concat: Emit = (writer, node) => {
  if (!writer.draft.ranges.has(out(node)) || !node.input.every((name) => writer.canQuantize(name)))
    return false;
  const inputs = node.input.map((name) => writer.activation(name));
  const result = writer.result(out(node));
  if (result === undefined || !inputs.every((input) => input !== undefined)) return false;
  writer.emit(
    "QLinearConcat",
    node,
    [result.scale, result.zeroPoint, ...inputs.flatMap(triple)],
    [result.value],
  );
  return true;
};

/** Softmax gives 0 to 1: its kernel wants steps of 1/256 from the lowest integer on. */
const softmax: Emit = (writer, node) => {
  if (!writer.draft.isFloat(out(node)) || !writer.canQuantize(at(node, 0))) return false;
  const input = writer.activation(at(node, 0));
  const zeroPoint = fullRange(writer.draft.options.activation_type).min;
  const result = writer.result(out(node), { scale: 1 / 256, zeroPoint });
  if (input === undefined || result === undefined) return false;
  const attribute = [...node.attribute, makeInt("opset", writer.draft.opset)];
  const inputs = [...triple(input), result.scale, result.zeroPoint];
  writer.emit("QLinearSoftmax", node, inputs, [result.value], attribute);
  return true;
};

const globalAveragePool: Emit = (writer, node) => {
  const input = writer.find(at(node, 0));
  if (input === undefined) return false;
  const result = writer.result(out(node)) ?? writer.resultLike(out(node), input);
  const attribute = [...node.attribute, makeInt("channels_last", 0)];
  const inputs = [...triple(input), result.scale, result.zeroPoint];
  writer.emit("QLinearGlobalAveragePool", node, inputs, [result.value], attribute);
  return true;
};

/** Operators that move integers as they move floats, where their input is integers already. */
const direct: Emit = (writer, node) => {
  const input = writer.find(at(node, 0));
  if (input === undefined || input.scales.length !== 1) return false;
  for (const name of node.input.slice(1)) writer.float(name);
  const result = writer.resultLike(out(node), input);
  writer.nodes.push({
    ...node,
    input: [input.value, ...node.input.slice(1)],
    output: [result.value, ...node.output.slice(1)],
  });
  return true;
};

const since =
  (opset: number, emit: Emit): Emit =>
  (writer, node) =>
    writer.draft.opset >= opset && emit(writer, node);

/** Relu and Clip go where the integers before them clip by themselves. */
const removable: Emit = (writer, node) => {
  const { options } = writer.draft;
  const input = writer.find(at(node, 0));
  if (input === undefined || options.symmetric_activations || options.keep_activations) return false;
  const [scale = 1] = input.scales;
  if (input.type !== options.activation_type) return false;
  const isClipped = writer.draft.given?.clipped.has(out(node)) === true;
  if (!isClipped && !clipsByItself(writer.draft, node, { scale, zeroPoint: input.zeroPoint0 })) return false;
  writer.alias(out(node), input);
  return true;
};

const split: Emit = (writer, node) => {
  if (!writer.canQuantize(at(node, 0))) return false;
  const input = writer.activation(at(node, 0));
  if (input === undefined) return false;
  // Without an underscore: so ONNX Runtime names them.
  const results = node.output.map((name) => writer.resultLike(name, input, "quantized").value);
  writer.emit("Split", node, [input.value, ...node.input.slice(1)], results, node.attribute, "");
  return true;
};

const gather: Emit = (writer, node) => {
  const table = writer.draft.initializer(at(node, 0));
  const input = table === undefined ? writer.find(at(node, 0)) : writer.activation(at(node, 0));
  if (input === undefined) return false;
  const result = writer.resultLike(out(node), input);
  writer.nodes.push({ ...node, input: [input.value, ...node.input.slice(1)], output: [result.value] });
  return true;
};

const argMax: Emit = (writer, node) => {
  const input = writer.find(at(node, 0));
  if (input === undefined) return false;
  writer.nodes.push({ ...node, input: [input.value] });
  return true;
};

const pad: Emit = (writer, node) => {
  const input = writer.find(at(node, 0));
  if (input === undefined || writer.draft.opset < 11) return false;
  const rest = node.input.slice(1);
  if ((stringAttribute(node, "mode") ?? "constant") === "constant") {
    const filling = fillingOf(writer, at(node, 2), input);
    if (filling === undefined) return false;
    rest[1] = filling;
  }
  const result = writer.resultLike(out(node), input);
  writer.nodes.push({ ...node, input: [input.value, ...rest], output: [result.value] });
  return true;
};

/** The constant that is padded with, as an integer of the input's scale. */
function fillingOf(writer: QOperatorWriter, name: string, input: IntegerValue): string | undefined {
  if (name === "") return input.zeroPoint;
  const tensor = writer.draft.initializer(name);
  const [value] = tensor === undefined ? [] : readFloats(tensor);
  const [scale = 1] = input.scales;
  if (tensor === undefined || value === undefined) return undefined;
  const { min, max } = fullRange(input.type);
  const integer = roundToEven(Math.fround(value / scale)) + input.zeroPoint0;
  const clipped = Math.max(min, Math.min(max, integer));
  const written = writer.draft.valueName(`${name}_quantized`);
  const values = (input.type === "int8" ? Int8Array : Uint8Array).of(clipped);
  writer.draft.graph.initializer.push(makeTensor(written, input.type, [...tensor.dims], values));
  writer.released.push(name);
  return written;
}

const rules: Readonly<Record<string, Emit>> = {
  Conv: emitConv,
  Gemm: emitGemm,
  MatMul: emitMatMul,
  Add: linear(2),
  Mul: linear(2),
  LeakyRelu: linear(1),
  Sigmoid: linear(1),
  AveragePool: linear(1),
  Concat: concat,
  Softmax: softmax,
  GlobalAveragePool: globalAveragePool,
  Relu: removable,
  Clip: removable,
  MaxPool: since(12, direct),
  Resize: since(11, direct),
  Reshape: direct,
  Transpose: direct,
  Squeeze: direct,
  Unsqueeze: direct,
  Split: split,
  Gather: gather,
  ArgMax: argMax,
  Pad: pad,
};

export function emitNode(writer: QOperatorWriter, node: Node): boolean {
  return own(rules, node.opType)?.(writer, node) ?? false;
}
