import { toNumbers } from "#engine/evaluate/tensors/elements.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { indexModel, type ModelIndex } from "#engine/graph/index.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { floatAttribute, makeNode, smallIntAttribute } from "#engine/onnx/attributes.ts";
import { float16Array } from "#engine/onnx/floats.ts";
import { makeTensor, readFloats } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { findConstant } from "../constants.ts";
import { observe } from "../observe.ts";
import type { PassTools } from "../pass.ts";
import { removeUnused } from "../unused.ts";
import type { Cut } from "./cut.ts";
import type { Reader, Trace } from "./visit.ts";

/** What a layer loses on average, for each of its outputs that stays. */
export interface Loss {
  readonly node: Node;
  readonly amounts: Float64Array;
}

/**
 * What removed units contribute on average to the layers that read them: Σ_c W[o,c] E[x_c] over the removed c, where a
 * kernel counts with the sum of its entries. Added to the bias it is what remains of the units, and all there is to
 * them where they are constant (but for the rim that a convolution pads with zeros).
 *
 * @param model as it was before the cut
 * @throws EngineError as `observe`
 */
export async function measureLosses(model: Model, trace: Trace, cut: Cut, tools: PassTools): Promise<Loss[]> {
  const main = trace.index.scopes[0];
  const wanted = trace.readers.flatMap((reader) => {
    const value = trace.index.resolve(reader.scope, reader.node.input[0] ?? "");
    const inner = value?.initializer === undefined && value?.scope === main;
    if (reader.scope !== main || !cut.isCut(reader.axis) || !inner) return [];
    const weight = weightMatrix(trace.index, reader);
    return weight === undefined
      ? []
      : [{ reader, weight, sums: new Float64Array(reader.axis.length), count: 0 }];
  });
  if (wanted.length === 0) return [];
  const names = wanted.map(({ reader }) => reader.node.input[0] ?? "");
  await observe(model, names, tools, ({ values }) => {
    for (const entry of wanted) {
      const tensor = values[entry.reader.node.input[0] ?? ""];
      if (tensor !== undefined) entry.count += addSums(entry.sums, tensor, entry.reader.channelAxis);
    }
  });
  return wanted.map(({ reader, weight, sums, count }) => {
    const kept = new Set(cut.kept(reader.axis));
    const rows =
      reader.out === undefined
        ? Int32Array.from({ length: weight.rows }, (_, at) => at)
        : cut.kept(reader.out);
    const amounts = Float64Array.from(rows, (row) => {
      let amount = 0;
      sums.forEach((sum, channel) => {
        if (!kept.has(channel)) amount += (weight.at(row, channel) * sum) / Math.max(1, count);
      });
      return amount;
    });
    return { node: reader.node, amounts };
  });
}

/** Adds a batch to the sums by channel, and tells how many values each channel had in it. */
function addSums(sums: Float64Array, tensor: HostTensor, channelAxis: number): number {
  const values = toNumbers(tensor);
  const inner = tensor.dims.slice(channelAxis + 1).reduce((a, b) => a * b, 1);
  if (tensor.dims[channelAxis] !== sums.length) return 0;
  for (let start = 0, block = 0; start < values.length; start += inner, block++) {
    let sum = 0;
    for (let index = start; index < start + inner; index++) sum += Number(values[index] ?? 0);
    const channel = block % sums.length;
    sums[channel] = (sums[channel] ?? 0) + sum;
  }
  return values.length / sums.length;
}

interface Weights {
  readonly rows: number;
  /** Output row and input channel; the entries of a kernel are summed. */
  at(row: number, channel: number): number;
}

function weightMatrix(index: ModelIndex, { node, scope }: Reader): Weights | undefined {
  const constant = findConstant(index, scope, node.input[1] ?? "");
  if (constant === undefined) return undefined;
  const values = readFloats(constant.tensor);
  const { dims } = constant.tensor;
  const [first = 1, second = 1] = dims;
  if (node.opType === "Conv") {
    const kernel = dims.slice(2).reduce((a, b) => a * b, 1);
    if (constant.transposed) return undefined;
    return {
      rows: first,
      at: (row, channel) => {
        const start = (row * second + channel) * kernel;
        return values.subarray(start, start + kernel).reduce((a, b) => a + b, 0);
      },
    };
  }
  const isKnown = node.opType === "MatMul" || node.opType === "Gemm";
  if (dims.length !== 2 || !isKnown) return undefined;
  const byRow = (node.opType === "Gemm" && smallIntAttribute(node, "transB") === 1) !== constant.transposed;
  return byRow
    ? { rows: first, at: (row, channel) => values[row * second + channel] ?? 0 }
    : { rows: second, at: (row, channel) => values[channel * second + row] ?? 0 };
}

/**
 * Adds the losses to the biases of the pruned model: to the one that a Conv or Gemm has, to a new one where it has
 * none, and behind a MatMul with an Add.
 *
 * @returns the number of layers that were made up for
 */
export function addLosses(model: Model, losses: readonly Loss[]): number {
  const index = indexModel(model);
  const main = index.scopes[0];
  const name = uniqueNames(model);
  const unread: string[] = [];
  const behind = new Map<Node, Node>();
  if (main === undefined) return 0;
  let done = 0;
  for (const { node, amounts } of losses) {
    if (amounts.every((amount) => Math.abs(amount) < 1e-12)) continue;
    const weight = findConstant(index, main, node.input[1] ?? "")?.tensor;
    const bias =
      node.opType === "MatMul" ? undefined : findConstant(index, main, node.input[2] ?? "")?.tensor;
    const own = node.opType !== "MatMul" && (!node.input[2] || bias?.dims.join() === String(amounts.length));
    const alpha = node.opType === "Gemm" ? (floatAttribute(node, "alpha") ?? 1) : 1;
    const beta = node.opType === "Gemm" ? (floatAttribute(node, "beta") ?? 1) : 1;
    if (weight === undefined) continue;
    done++;
    const tensorName = name(`${node.output[0] ?? ""}_compensation`);
    if (own && beta !== 0) {
      const old = bias === undefined ? undefined : readFloats(bias);
      const values = Float32Array.from(amounts, (amount, at) => (old?.[at] ?? 0) + (amount * alpha) / beta);
      model.graph.initializer.push(vector(tensorName, values, weight));
      if (node.input[2]) unread.push(node.input[2]);
      node.input[2] = tensorName;
    } else {
      const values = Float32Array.from(amounts, (amount) => amount * alpha);
      const tensor = vector(tensorName, values, weight);
      // Channels of images are in front of the places.
      if (node.opType === "Conv") tensor.dims = [amounts.length, ...weight.dims.slice(2).map(() => 1)];
      model.graph.initializer.push(tensor);
      const output = node.output[0] ?? "";
      node.output[0] = name(`${output}_uncompensated`);
      behind.set(
        node,
        makeNode("Add", [node.output[0], tensorName], [output], { name: name(`${output}_compensate`) }),
      );
    }
  }
  model.graph.node = model.graph.node.flatMap((node) => {
    const next = behind.get(node);
    return next === undefined ? [node] : [node, next];
  });
  removeUnused(model, unread);
  return done;
}

function vector(name: string, values: Float32Array, like: Tensor): Tensor {
  return like.dataType === 10
    ? makeTensor(name, "float16", [values.length], float16Array(values))
    : makeTensor(name, "float32", [values.length], values);
}
