import { EngineError } from "#engine/error.ts";
import { dtypeName, dtypeOfCode, dtypes, rawBytes } from "#engine/onnx/dtypes.ts";
import { externalReference } from "#engine/onnx/external.ts";
import type { SparseTensor, Tensor } from "#engine/onnx/model.ts";
import { elementCount, isExternal, readTensor, shapeText } from "#engine/onnx/tensor.ts";

/** A tensor whose stored values are exactly what shape and type demand. Values are not read. */
export function* tensorProblems(tensor: Tensor, place: string): Generator<EngineError> {
  try {
    checkTensor(tensor, place);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    yield error;
  }
}

function checkTensor(tensor: Tensor, place: string): void {
  const dtype = dtypeOfCode(tensor.dataType);
  if (dtype === undefined) {
    throw new EngineError("unsupported", `Element ${dtypeName(tensor.dataType)} is not known`, place);
  }
  const count = elementCount(tensor.dims, place);
  if (tensor.segment !== undefined) {
    throw new EngineError("unsupported", "Tensors stored in segments are not supported", place);
  }
  if (isExternal(tensor)) {
    if (tensor.rawData === undefined) externalReference(tensor, place);
    return;
  }
  const [needed, found, unit] = storage(tensor, dtype, count);
  if (needed !== found) {
    throw new EngineError(
      "malformed",
      `A ${dtype} tensor of shape ${shapeText(tensor.dims)} needs ${needed} ${unit}, the file has ${found}`,
      place,
    );
  }
}

function storage(tensor: Tensor, dtype: keyof typeof dtypes, count: number): [number, number, string] {
  const { bits } = dtypes[dtype];
  if (dtype === "string") return [count, tensor.stringData?.length ?? 0, "strings"];
  if (tensor.rawData !== undefined) return [rawBytes(dtype, count), tensor.rawData.length, "bytes"];
  switch (dtype) {
    case "float32":
      return [count, tensor.floatData?.length ?? 0, "values"];
    case "complex64":
      return [2 * count, tensor.floatData?.length ?? 0, "values"];
    case "float64":
      return [count, tensor.doubleData?.length ?? 0, "values"];
    case "complex128":
      return [2 * count, tensor.doubleData?.length ?? 0, "values"];
    case "int64":
      return [count, tensor.int64Data?.length ?? 0, "values"];
    case "uint32":
    case "uint64":
      return [count, tensor.uint64Data?.length ?? 0, "values"];
    default:
      return [bits < 8 ? rawBytes(dtype, count) : count, tensor.int32Data?.length ?? 0, "values"];
  }
}

/** Indices within the dense shape, one per value. */
export function* sparseProblems(sparse: SparseTensor, place: string): Generator<EngineError> {
  const { values, indices, dims } = sparse;
  const fail = (message: string) => new EngineError("malformed", message, place);
  if (values === undefined || indices === undefined) {
    yield fail("A sparse tensor lacks its values or its indices");
    return;
  }
  const parts = [
    ...shapeProblems(dims, place),
    ...tensorProblems(values, `${place}, values`),
    ...tensorProblems(indices, `${place}, indices`),
  ];
  yield* parts;
  if (parts.length > 0 || isExternal(values) || isExternal(indices)) return;
  const entries = values.dims[0] ?? 0;
  const linear = indices.dims.length === 1;
  const bounds = linear ? [elementCount(dims, place)] : dims;
  const expected = linear ? [entries] : [entries, dims.length];
  if (values.dims.length !== 1 || indices.dims.join() !== expected.join()) {
    yield fail(`Indices of shape ${shapeText(indices.dims)} do not fit ${entries} values`);
    return;
  }
  const positions = readTensor(indices);
  if (!(positions instanceof BigInt64Array)) {
    yield fail("The indices of a sparse tensor are not int64");
    return;
  }
  const outside = positions.findIndex(
    (at, index) => at < 0n || at >= BigInt(bounds[index % bounds.length] ?? 0),
  );
  if (outside >= 0) yield fail(`Index ${positions[outside]} lies outside of ${shapeText(dims)}`);
}

function* shapeProblems(dims: readonly number[], place: string): Generator<EngineError> {
  try {
    elementCount(dims, place);
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    yield error;
  }
}
