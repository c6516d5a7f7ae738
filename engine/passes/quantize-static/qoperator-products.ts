import { floatAttribute, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Node } from "#engine/onnx/model.ts";
import { type QuantizedBias, quantizeBias } from "../quantization/bias.ts";
import type { IntegerValue, QOperatorWriter } from "./qoperator-writer.ts";
import { triple } from "./qoperator-writer.ts";

interface Product {
  readonly input: IntegerValue;
  readonly weight: IntegerValue;
  readonly result: IntegerValue;
  /** Name of the bias as integers; "" where there is none. */
  readonly bias: string;
}

interface Shape {
  /** Axis of the weight's channels. */
  readonly axis: number | undefined;
  /** By which the operator multiplies products, and by which the bias. */
  readonly alpha: number;
  readonly beta: number;
}

/** What Conv, Gemm and MatMul have in common: two factors, perhaps a bias, and a result of its own scale. */
function productOf(writer: QOperatorWriter, node: Node, { axis, alpha, beta }: Shape): Product | undefined {
  const [inputName = "", weightName = "", biasName = ""] = node.input;
  const output = node.output[0] ?? "";
  const { draft } = writer;
  if (!draft.ranges.has(output) || !writer.canQuantize(inputName) || !writer.canQuantize(weightName)) {
    return undefined;
  }
  const tensor = draft.initializer(biasName);
  if (biasName !== "" && tensor === undefined) return undefined;
  const bias = tensor && readFloats(tensor).map((value) => value * beta);
  const channels = draft.initializer(weightName)?.dims[axis ?? 0];
  const perChannel =
    draft.options.per_channel && axis !== undefined && draft.initializer(weightName) !== undefined;
  // One element per channel is needed, and they must be the last axis.
  if (perChannel && tensor !== undefined && (bias?.length !== channels || tensor.dims.at(-1) !== channels)) {
    return undefined;
  }
  const input = writer.activation(inputName);
  if (input === undefined || input.scales.length !== 1) return undefined;
  const [inputScale = 1] = input.scales;
  const weight = writer.weight(weightName, axis, bias && { bias, inputScale });
  if (weight === undefined) return undefined;
  let integers: QuantizedBias | undefined;
  if (bias !== undefined) {
    integers = quantizeBias(bias, inputScale, weight.scales, alpha);
    if (integers === undefined) return undefined;
  }
  const result = writer.result(output);
  if (result === undefined) return undefined;
  const form = draft.initializer(weightName) && writer.weights.get(weightName);
  if (form !== undefined) writer.products.set(node, form);
  return { input, weight, result, bias: integers === undefined ? "" : writer.bias(biasName, integers) };
}

export function emitConv(writer: QOperatorWriter, node: Node): boolean {
  if (writer.draft.initializer(node.input[1] ?? "") === undefined) return false;
  const product = productOf(writer, node, { axis: 0, alpha: 1, beta: 1 });
  if (product === undefined) return false;
  const { input, weight, result, bias } = product;
  const inputs = [...triple(input), ...triple(weight), result.scale, result.zeroPoint];
  if (bias !== "") inputs.push(bias);
  writer.emit("QLinearConv", node, inputs, [result.value], node.attribute, "");
  return true;
}

export function emitGemm(writer: QOperatorWriter, node: Node): boolean {
  const product = productOf(writer, node, {
    axis: (smallIntAttribute(node, "transB") ?? 0) === 0 ? 1 : 0,
    alpha: floatAttribute(node, "alpha") ?? 1,
    beta: floatAttribute(node, "beta") ?? 1,
  });
  if (product === undefined) return false;
  const { input, weight, result, bias } = product;
  const inputs = [...triple(input), ...triple(weight), bias, result.scale, result.zeroPoint];
  const attribute = node.attribute.filter(({ name }) => name !== "beta");
  writer.emit("QGemm", node, inputs, [result.value], attribute);
  return true;
}

export function emitMatMul(writer: QOperatorWriter, node: Node): boolean {
  // Kernels take scales per column for matrices only.
  const rank = writer.draft.initializer(node.input[1] ?? "")?.dims.length;
  const product = productOf(writer, node, { axis: rank === 2 ? 1 : undefined, alpha: 1, beta: 1 });
  if (product === undefined) return false;
  const { input, weight, result } = product;
  const inputs = [...triple(input), ...triple(weight), result.scale, result.zeroPoint];
  writer.emit("QLinearMatMul", node, inputs, [result.value], [], "");
  return true;
}
