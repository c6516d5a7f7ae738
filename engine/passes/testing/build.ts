import { xoroshiro128plus } from "pure-rand/generator/xoroshiro128plus";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import type { DType } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import {
  type Attribute,
  attributeType,
  type Graph,
  type Model,
  type Node,
  type Tensor,
  type ValueInfo,
} from "#engine/onnx/model.ts";

/** Values between −scale and scale, the same for the same seed. */
export function randomFloats(count: number, seed: number, scale = 1): Float32Array {
  const generator = xoroshiro128plus(seed);
  return Float32Array.from({ length: count }, () => ((generator.next() >>> 0) / 2 ** 31 - 1) * scale);
}

export function weight(name: string, dims: number[], seed = 1, scale = 1): Tensor {
  return makeTensor(
    name,
    "float32",
    dims,
    randomFloats(
      dims.reduce((a, b) => a * b, 1),
      seed,
      scale,
    ),
  );
}

export function floats(name: string, dims: number[], values: number[]): Tensor {
  return makeTensor(name, "float32", dims, Float32Array.from(values));
}

export function int64s(name: string, values: number[], dims = [values.length]): Tensor {
  return makeTensor(name, "int64", dims, BigInt64Array.from(values, BigInt));
}

export function value(name: string, dims: (number | string)[], dtype: DType = "float32"): ValueInfo {
  return makeValue(name, dtype, dims);
}

export const graph = makeGraph;

export function model(main: Graph, opset = 17, irVersion = 8): Model {
  return makeModel(main, { opset, irVersion });
}

/** A node named after its first output. */
export function node(opType: string, input: string[], output: string[], attribute: Attribute[] = []): Node {
  return makeNode(opType, input, output, { name: `n_${output[0] ?? ""}`, attribute });
}

export function graphAttribute(name: string, g: Graph): Attribute {
  return { name, g, type: attributeType.graph };
}

export function opTypes(g: Graph): string[] {
  return g.node.map((entry) => entry.opType);
}

export function names(tensors: readonly Tensor[]): string[] {
  return tensors.map((tensor) => tensor.name ?? "");
}

/** An If with its two branches. */
export function choice(condition: string, output: string, yes: Graph, no: Graph): Node {
  const branches = [graphAttribute("then_branch", yes), graphAttribute("else_branch", no)];
  return node("If", [condition], [output], branches);
}
