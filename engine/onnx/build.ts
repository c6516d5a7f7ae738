import { type DType, dtypes } from "./dtypes.ts";
import type { Graph, Model, Node, Tensor, ValueInfo } from "./model.ts";

/** Dimensions as numbers, symbols, or null for unknown. */
export type ShapeSpec = readonly (number | string | null)[];

/** Name, type and shape of a tensor input, output or inner value. */
export function makeValue(name: string, dtype: DType, shape?: ShapeSpec): ValueInfo {
  const dim = shape?.map((size) => {
    if (size === null) return {};
    return typeof size === "number" ? { dimValue: size } : { dimParam: size };
  });
  return { name, type: { tensorType: { elemType: dtypes[dtype].code, shape: dim && { dim } } } };
}

export interface GraphParts {
  readonly node: Node[];
  readonly input?: ValueInfo[];
  readonly output: ValueInfo[];
  readonly initializer?: Tensor[];
  readonly name?: string;
}

export function makeGraph(parts: GraphParts): Graph {
  return {
    name: parts.name ?? "graph",
    node: parts.node,
    initializer: parts.initializer ?? [],
    input: parts.input ?? [],
    output: parts.output,
    valueInfo: [],
  };
}

/** A model of one operator set: IR version 8 and opset 17 unless given. */
export function makeModel(graph: Graph, options: { opset?: number; irVersion?: number } = {}): Model {
  return {
    irVersion: options.irVersion ?? 8,
    producerName: "parsimony",
    graph,
    opsetImport: [{ domain: "", version: options.opset ?? 17 }],
  };
}
