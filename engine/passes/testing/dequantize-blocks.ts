import { cloneStructure } from "#engine/graph/clone.ts";
import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { makeNode, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { findConstant } from "../constants.ts";

/**
 * The float32 model that a block-wise quantised one stands for: MatMulNBits becomes a MatMul, GatherBlockQuantized a
 * Gather, by weights unpacked here straight from the file's bytes.
 */
export function dequantizedModel(quantized: Model): Model {
  const model = cloneStructure(quantized);
  const index = indexModel(model);
  let count = 0;
  for (const scope of index.scopes) {
    const { graph } = scope;
    if (graph === undefined) continue;
    graph.node = graph.node.map((node) => {
      if (node.opType !== "MatMulNBits" && node.opType !== "GatherBlockQuantized") return node;
      const name = `dequantized_${count++}`;
      const [first = "", second = ""] = node.input;
      if (node.opType === "MatMulNBits") {
        graph.initializer.push(matrix(index, scope, node, name));
        return makeNode("MatMul", [first, name], node.output, { name: node.name });
      }
      graph.initializer.push(table(index, scope, node, name));
      return makeNode("Gather", [name, second], node.output, { name: node.name });
    });
  }
  return model;
}

function tensorOf(index: ModelIndex, scope: Scope, name: string): Tensor {
  const direct = findConstant(index, scope, name);
  if (direct !== undefined) return direct.tensor;
  const producer = index.resolve(scope, name)?.producer;
  if (producer?.opType !== "Reshape") throw new Error(`${name} is not constant`);
  return tensorOf(index, scope, producer.input[0] ?? "");
}

/** Element `at` of a line of packed numbers. */
function unpack(bytes: ArrayLike<number>, start: number, at: number, bits: number): number {
  if (bits === 8) return bytes[start + at] ?? 0;
  return ((bytes[start + (at >> 1)] ?? 0) >> (4 * (at & 1))) & 15;
}

/** Float values of `lines` lines of `length` elements that start every `stride` bytes. */
function values(
  index: ModelIndex,
  scope: Scope,
  node: Node,
  names: { packed: string; scales: string; zeroPoints: string },
  size: { lines: number; length: number; stride: number },
): Float32Array {
  const bits = smallIntAttribute(node, "bits") ?? 4;
  const block = smallIntAttribute(node, "block_size") ?? 128;
  const packed = readTensor(tensorOf(index, scope, names.packed)) as Uint8Array;
  const scales = readFloats(tensorOf(index, scope, names.scales));
  const zeroTensor = names.zeroPoints === "" ? undefined : tensorOf(index, scope, names.zeroPoints);
  const floatZeros =
    zeroTensor !== undefined && zeroTensor.dataType !== 2 ? readFloats(zeroTensor) : undefined;
  const zeros =
    zeroTensor !== undefined && zeroTensor.dataType === 2
      ? (readTensor(zeroTensor) as Uint8Array)
      : undefined;
  const perLine = Math.ceil(size.length / block);
  const zeroStride = Math.ceil((perLine * bits) / 8);
  const out = new Float32Array(size.lines * size.length);
  for (let line = 0; line < size.lines; line++) {
    for (let at = 0; at < size.length; at++) {
      const number = Math.floor(at / block);
      const scale = scales[line * perLine + number] ?? 0;
      let zero = 2 ** (bits - 1);
      if (floatZeros !== undefined) zero = floatZeros[line * perLine + number] ?? 0;
      else if (zeros !== undefined) zero = unpack(zeros, line * zeroStride, number, bits);
      out[line * size.length + at] = (unpack(packed, line * size.stride, at, bits) - zero) * scale;
    }
  }
  return out;
}

function matrix(index: ModelIndex, scope: Scope, node: Node, name: string): Tensor {
  const length = smallIntAttribute(node, "K") ?? 0;
  const lines = smallIntAttribute(node, "N") ?? 0;
  const bits = smallIntAttribute(node, "bits") ?? 4;
  const block = smallIntAttribute(node, "block_size") ?? 128;
  const [, packed = "", scales = "", zeroPoints = ""] = node.input;
  const stride = (Math.ceil(length / block) * block * bits) / 8;
  const columns = values(index, scope, node, { packed, scales, zeroPoints }, { lines, length, stride });
  const out = new Float32Array(lines * length);
  for (let line = 0; line < lines; line++) {
    for (let at = 0; at < length; at++) out[at * lines + line] = columns[line * length + at] ?? 0;
  }
  return makeTensor(name, "float32", [length, lines], out);
}

function table(index: ModelIndex, scope: Scope, node: Node, name: string): Tensor {
  const bits = smallIntAttribute(node, "bits") ?? 4;
  const [packed = "", , scales = "", zeroPoints = ""] = node.input;
  const dims = [...tensorOf(index, scope, packed).dims];
  const stride = dims.at(-1) ?? 0;
  const length = (stride * 8) / bits;
  const lines = dims.slice(0, -1).reduce((a, b) => a * b, 1);
  return makeTensor(
    name,
    "float32",
    [...dims.slice(0, -1), length],
    values(index, scope, node, { packed, scales, zeroPoints }, { lines, length, stride }),
  );
}
