import { smallIntAttribute } from "#engine/onnx/attributes.ts";
import { readFloats } from "#engine/onnx/make.ts";
import type { Node, Tensor } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { isStandard } from "../domains.ts";
import { nodeRemark } from "../pass.ts";
import type { FloatNetwork } from "./float-network.ts";

/** A linear operator with a constant weight between input channels and output channels. */
export interface Layer {
  readonly node: Node;
  /** Where the channels of its input and its output stand: on axis 1, or on the last one. */
  readonly channels: "second" | "last";
  readonly inputs: number;
  readonly outputs: number;
  /** Calls back for every element of the weight, in the order of its storage. */
  visit(each: (flat: number, output: number, input: number) => void): void;
}

/**
 * The layer that a node is: Conv with any groups, Gemm of plain activations, MatMul by a matrix. Undefined for every
 * other node and where the weight is no float32 constant.
 */
export function layerOf(network: FloatNetwork, node: Node): Layer | undefined {
  const tensor = isStandard(node) ? network.tensor(node.input[1] ?? "") : undefined;
  if (tensor === undefined) return undefined;
  if (node.opType === "Conv") return convolution(node, tensor);
  const [rows = 0, columns = 0] = tensor.dims;
  if (tensor.dims.length !== 2 || rows === 0 || columns === 0) return undefined;
  if (node.opType === "MatMul") return matrix(node, rows, columns, false);
  if (node.opType !== "Gemm" || (smallIntAttribute(node, "transA") ?? 0) !== 0) return undefined;
  return matrix(node, rows, columns, (smallIntAttribute(node, "transB") ?? 0) !== 0);
}

export function isLinear(node: Node): boolean {
  return isStandard(node) && ["Conv", "Gemm", "MatMul"].includes(node.opType);
}

/** Why `layerOf` gives nothing for a linear operator. */
export const notPlain = say("quantize-static-preparations.notPlain");

function matrix(node: Node, rows: number, columns: number, transposed: boolean): Layer {
  return {
    node,
    channels: "last",
    inputs: transposed ? columns : rows,
    outputs: transposed ? rows : columns,
    visit: (each) => {
      for (let row = 0, flat = 0; row < rows; row++) {
        for (let column = 0; column < columns; column++, flat++) {
          if (transposed) each(flat, row, column);
          else each(flat, column, row);
        }
      }
    },
  };
}

/** W is [outputs, inputs / groups, kernel…]. */
function convolution(node: Node, { dims }: Tensor): Layer | undefined {
  const [outputs = 0, perGroup = 0, ...kernel] = dims;
  const groups = smallIntAttribute(node, "group") ?? 1;
  const size = kernel.reduce((a, b) => a * b, 1);
  if (dims.length < 3 || outputs * perGroup * size === 0 || groups < 1 || outputs % groups !== 0)
    return undefined;
  const outputsPerGroup = outputs / groups;
  return {
    node,
    channels: "second",
    inputs: perGroup * groups,
    outputs,
    visit: (each) => {
      for (let output = 0, flat = 0; output < outputs; output++) {
        const first = Math.floor(output / outputsPerGroup) * perGroup;
        for (let input = first; input < first + perGroup; input++) {
          for (let k = 0; k < size; k++, flat++) each(flat, output, input);
        }
      }
    },
  };
}

/** Factors of a weight: W'[o, i] = outputs[o] · W[o, i] · inputs[i]. */
export interface Factors {
  readonly inputs?: Float64Array | undefined;
  readonly outputs?: Float64Array | undefined;
}

/** max |W'| of each channel of one side. */
export function largestOf(
  network: FloatNetwork,
  layer: Layer,
  side: "inputs" | "outputs",
  factors: Factors = {},
): Float64Array {
  const largest = new Float64Array(layer[side]);
  const values = weightOf(network, layer);
  layer.visit((flat, output, input) => {
    const factor = (factors.outputs?.[output] ?? 1) * (factors.inputs?.[input] ?? 1);
    const size = Math.abs((values[flat] ?? 0) * factor);
    const channel = side === "inputs" ? input : output;
    if (size > (largest[channel] ?? 0)) largest[channel] = size;
  });
  return largest;
}

/** Writes W', and the bias of the operator itself where its outputs are scaled. Rounded once, to float32. */
export function scaleLayer(network: FloatNetwork, layer: Layer, { inputs, outputs }: Factors): void {
  const { node } = layer;
  const values = weightOf(network, layer);
  const scaled = new Float32Array(values.length);
  layer.visit((flat, output, input) => {
    scaled[flat] = (values[flat] ?? 0) * ((outputs?.[output] ?? 1) * (inputs?.[input] ?? 1));
  });
  const dims = network.tensor(node.input[1] ?? "")?.dims ?? [];
  network.replace(node, 1, [...dims], scaled);
  if (outputs !== undefined && hasBias(node)) scaleVector(network, node, 2, outputs);
}

/** Multiplies a constant per channel. */
export function scaleVector(
  network: FloatNetwork,
  node: Node,
  position: number,
  factors: Float64Array,
): void {
  network.changeVector(node, position, factors.length, (value, at) => value * (factors[at] ?? 1));
}

export function weightOf(network: FloatNetwork, { node }: Layer): Float32Array {
  const tensor = network.tensor(node.input[1] ?? "");
  return tensor === undefined ? new Float32Array() : readFloats(tensor);
}

export function hasBias(node: Node): boolean {
  return node.opType !== "MatMul" && (node.input[2] ?? "") !== "";
}

/** Why the weight of a layer, or its bias where its outputs are meant, cannot be scaled. */
export function fixedReason(
  network: FloatNetwork,
  { node, outputs }: Layer,
  side: "inputs" | "outputs",
): EngineRemark | undefined {
  const place = { node: nodeRemark(node) };
  if (!network.mayEdit(node)) return say("quantize-static-preparations.leftOut", place);
  if (!network.isOwn(node.input[1] ?? "")) return say("quantize-static-preparations.sharesWeight", place);
  if (side === "outputs" && hasBias(node) && !network.isVector(node.input[2] ?? "", outputs)) {
    return say("quantize-static-preparations.nodeBiasVaries", place);
  }
  return undefined;
}
