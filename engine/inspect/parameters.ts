import { countZeros } from "#engine/kernels/count.ts";
import { type DType, dtypes } from "#engine/onnx/dtypes.ts";
import { LazyBytes } from "#engine/onnx/lazy.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { elementCount, isExternal, readTensor, tensorDType } from "#engine/onnx/tensor.ts";
import { indexModel, type ModelIndex, type Value } from "../graph/index.ts";
import { isQuantizationParameter } from "./quantization-parameters.ts";

/** Integers of these types are shapes, indices and flags, not weights. */
const notWeights = new Set<DType>(["int64", "uint64", "bool", "string"]);

export interface ParameterCount {
  readonly parameters: number;
  /** Elements that were looked at for zeros: floats, and signed integers, whose zero means zero. */
  readonly examined: number;
  readonly zeros: number;
}

/**
 * Weights stored in the model, each once however many nodes read it:
 * - initialisers of every graph and subgraph, of floating-point types and integers up to 32 bits (quantised
 *   weights); int64, uint64, bool and string hold shapes, indices and flags;
 * - floating-point tensors of more than one element in Constant nodes, where some exporters keep their weights;
 * - sparse initialisers: their dense size, the elements that are not stored are zeros;
 * - packed weights of MatMulNBits by their number of weights, not of bytes;
 * - no scales and zero points of a quantisation: they say how stored weights are to be read, as an exponent does. What
 *   the field calls a model's parameters are the numbers that it learnt, and those are as many after quantisation.
 * Zeros are counted where the stored value tells: not in unsigned integers, whose zero point decides.
 */
export function countParameters(model: Model, index: ModelIndex = indexModel(model)): ParameterCount {
  let parameters = 0;
  let examined = 0;
  let zeros = 0;
  const add = (tensor: Tensor) => {
    const count = elementCount(tensor.dims);
    parameters += count;
    const found = zerosOf(tensor);
    if (found === undefined) return;
    examined += count;
    zeros += found;
  };
  for (const scope of index.scopes) {
    const values = index.values(scope);
    for (const value of values.values()) {
      if (isQuantizationParameter(value, index)) continue;
      const { initializer, sparseInitializer } = value;
      if (initializer !== undefined && !notWeights.has(tensorDType(initializer))) {
        const packed = packedWeights(value);
        if (packed === undefined) add(initializer);
        else parameters += packed;
      }
      if (sparseInitializer?.values !== undefined) {
        const dense = elementCount(sparseInitializer.dims);
        const stored = elementCount(sparseInitializer.values.dims);
        parameters += dense;
        examined += dense;
        zeros += dense - stored + (zerosOf(sparseInitializer.values) ?? 0);
      }
    }
    for (const node of scope.body.node) {
      const tensor = constantWeights(node);
      const value = values.get(node.output[0] ?? "");
      if (tensor !== undefined && !(value && isQuantizationParameter(value, index))) add(tensor);
    }
  }
  return { parameters, examined, zeros };
}

function constantWeights(node: Node): Tensor | undefined {
  if (node.opType !== "Constant") return undefined;
  const tensor = node.attribute.find(({ name }) => name === "value")?.t;
  if (tensor === undefined || dtypes[tensorDType(tensor)].kind !== "float") return undefined;
  return elementCount(tensor.dims) > 1 ? tensor : undefined;
}

/** Number of weights where the value holds several of them in a byte: a matrix of MatMulNBits, a table of 4 bits. */
function packedWeights({ uses, initializer }: Value): number | undefined {
  const reader = (opType: string, at: number) =>
    uses.find(({ node, position }) => node.opType === opType && position === at)?.node;
  const matrix = reader("MatMulNBits", 1);
  if (matrix !== undefined) {
    const count = integer(matrix, "N", 0) * integer(matrix, "K", 0);
    return Number.isSafeInteger(count) && count > 0 ? count : undefined;
  }
  const table = reader("GatherBlockQuantized", 0);
  const isPacked = initializer !== undefined && tensorDType(initializer) === "uint8";
  if (table === undefined || !isPacked || integer(table, "bits", 4) !== 4) return undefined;
  return 2 * elementCount(initializer.dims);
}

function integer({ attribute }: Node, name: string, absent: number): number {
  return Number(attribute.find((one) => one.name === name)?.i ?? BigInt(absent));
}

/** Elements that are exactly zero (−0 too), or undefined where stored values do not tell. */
function zerosOf(tensor: Tensor): number | undefined {
  const dtype = tensorDType(tensor);
  if (isExternal(tensor) && tensor.rawData === undefined) return undefined;
  const { kind, bits } = dtypes[dtype];
  if (kind !== "int" && (kind !== "float" || bits < 16)) return undefined;
  if (!(tensor.rawData instanceof LazyBytes)) return zerosAmong(dtype, readTensor(tensor));
  let zeros = 0;
  for (const piece of tensor.rawData.pieces(pieceBytes)) {
    const count = (piece.length * 8) / bits;
    const part = { ...tensor, dims: [count], rawData: piece.glimpse() };
    zeros += zerosAmong(dtype, readTensor(part));
  }
  return zeros;
}

/** As much of a large tensor as is looked at at a time. */
const pieceBytes = 1 << 22;

function zerosAmong(dtype: DType, values: ReturnType<typeof readTensor>): number {
  let zeros = 0;
  if (values instanceof Float32Array) {
    zeros = countZeros(values);
  } else if (values instanceof Uint16Array && (dtype === "float16" || dtype === "bfloat16")) {
    for (let at = 0; at < values.length; at++) if (((values[at] ?? 0) & 0x7fff) === 0) zeros++;
  } else if (values instanceof BigInt64Array || values instanceof BigUint64Array) {
    for (const value of values) if (value === 0n) zeros++;
  } else if (ArrayBuffer.isView(values)) {
    for (let at = 0; at < values.length; at++) if (values[at] === 0) zeros++;
  }
  return zeros;
}
