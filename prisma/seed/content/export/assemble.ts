import { type DType, dtypes } from "#engine/onnx/dtypes.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Node, Tensor, ValueInfo } from "#engine/onnx/model.ts";
import { type Parameter, tensorOf } from "../training/parameter.ts";

/** ONNX 1.12: opset 17 goes with IR version 8. */
const OPSET = 17;
const IR_VERSION = 8;

export const licence = "CC0-1.0";

/** A named input or output; a string dimension is a symbol such as "batch". */
export function value(name: string, dtype: DType, dims: readonly (number | string)[]): ValueInfo {
  const dim = dims.map((size) => (typeof size === "string" ? { dimParam: size } : { dimValue: size }));
  return { name, type: { tensorType: { elemType: dtypes[dtype].code, shape: { dim } } } };
}

/** The parameter as a float32 initialiser under its own name. */
export function initializer(parameter: Parameter): Tensor {
  const { dims, data } = tensorOf(parameter);
  return makeTensor(parameter.name, "float32", dims, data);
}

/** An int64 constant; without `dims` it is a vector. */
export function integers(name: string, values: readonly number[], dims = [values.length]): Tensor {
  return makeTensor(name, "int64", dims, BigInt64Array.from(values, BigInt));
}

/** A float32 scalar. */
export function scalar(name: string, number: number): Tensor {
  return makeTensor(name, "float32", [], Float32Array.of(number));
}

/** The parts of a model file. */
export interface Parts {
  name: string;
  /** One sentence for the graph's doc string. */
  description: string;
  inputs: ValueInfo[];
  outputs: ValueInfo[];
  nodes: Node[];
  initializers: Tensor[];
  metadata: Record<string, string>;
}

/** The bytes of an ONNX file, the same for the same parts. */
export function assemble(parts: Parts): Uint8Array {
  const metadata = { license: licence, ...parts.metadata };
  const chunks = encodeModel({
    irVersion: IR_VERSION,
    producerName: "parsimony",
    docString: parts.description,
    graph: {
      name: parts.name,
      node: parts.nodes,
      initializer: parts.initializers,
      input: parts.inputs,
      output: parts.outputs,
      valueInfo: [],
    },
    opsetImport: [{ domain: "", version: OPSET }],
    metadataProps: Object.entries(metadata).map(([key, text]) => ({ key, value: text })),
  });
  return joinChunks(chunks);
}
