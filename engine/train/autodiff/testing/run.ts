import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { differentiate } from "../differentiate.ts";
import { Emitter } from "../emitter.ts";
import { ForwardGraph } from "../forward.ts";
import { array, type NdArray } from "./array.ts";
import { type CaseInput, noise, type RuleCase } from "./case.ts";

export interface Gradients {
  readonly outputs: readonly NdArray[];
  /** By input position. */
  readonly gradients: ReadonlyMap<number, NdArray>;
}

/** Gradients of the outputs, from which those of the inputs follow. */
export function upstreamOf({ seed }: RuleCase, outputs: readonly NdArray[]): NdArray[] {
  return outputs.map(({ dims, data }, at) => array(dims, noise(data.length, seed + at)));
}

/** The node as a model of its own, with inputs x0, x1 … and outputs y0, y1 …. */
export function modelOf({ opType, inputs, attributes, outputs }: RuleCase, opset: number): Model {
  const given = inputs.flatMap((input, at) => (input === null ? [] : [{ ...input, name: `x${at}` }]));
  const names = inputs.map((input, at) => (input === null ? "" : `x${at}`));
  const results = Array.from({ length: outputs }, (_, at) => `y${at}`);
  const graph = makeGraph({
    node: [makeNode(opType, names, results, { attribute: attributes, name: "node" })],
    input: given
      .filter(({ isConstant }) => !isConstant)
      .map(({ name, dtype, dims }) => makeValue(name, dtype, dims)),
    output: results.map((name) => makeValue(name, "float32")),
    initializer: given.filter(({ isConstant }) => isConstant).map((input) => tensorOf(input.name, input)),
  });
  return makeModel(graph, { opset, irVersion: 10 });
}

/** Outputs and gradients as the graph that differentiation writes computes them in ONNX Runtime. */
export async function runGradients(
  rule: RuleCase,
  reference: readonly NdArray[],
  opset: number,
  prepare: (model: Model) => void = () => {},
): Promise<Gradients> {
  const model = modelOf(rule, opset);
  prepare(model);
  const emit = new Emitter(uniqueNames(model));
  const upstream = upstreamOf(rule, reference);
  const seeds = new Map(upstream.map(({ dims }, at) => [`y${at}`, { name: `seed${at}`, dims }]));
  const forward = new ForwardGraph(model, new Map());
  const found = differentiate(
    forward,
    emit,
    seeds,
    rule.wanted.map((at) => `x${at}`),
  );
  const { graph } = model;
  graph.input.push(...upstream.map(({ dims }, at) => makeValue(`seed${at}`, "float32", dims)));
  graph.node.push(...emit.nodes);
  graph.initializer.push(...emit.initializers);
  graph.output.push(...[...found.values()].map(({ name }) => makeValue(name, "float32")));
  const read = await execute(
    model,
    rule,
    upstream.map((seed, at) => [`seed${at}`, seed] as const),
  );
  const gradients = rule.wanted.flatMap((at) => {
    const gradient = found.get(`x${at}`);
    return gradient === undefined ? [] : [[at, read(gradient.name)] as const];
  });
  return { outputs: reference.map((_, at) => read(`y${at}`)), gradients: new Map(gradients) };
}

/** The outputs of a model on the inputs of a case. */
export async function runModel(model: Model, rule: RuleCase): Promise<NdArray[]> {
  const read = await execute(model, rule);
  return Array.from({ length: rule.outputs }, (_, at) => read(`y${at}`));
}

/** Runs a model once, and gives what reads its outputs by name. */
async function execute(
  model: Model,
  rule: RuleCase,
  more: readonly (readonly [string, NdArray])[] = [],
): Promise<(name: string) => NdArray> {
  const feeds: Record<string, HostTensor> = {};
  rule.inputs.forEach((input, at) => {
    if (input !== null && !input.isConstant) feeds[`x${at}`] = hostTensor(input);
  });
  for (const [name, { dims, data }] of more)
    feeds[name] = { dtype: "float32", dims: [...dims], data: Float32Array.from(data) };
  const session = await loadExecutable(model);
  try {
    const results = await session.run(feeds);
    return (name) => {
      const result = results[name];
      if (!(result?.data instanceof Float32Array)) throw new Error(`${name} is not float32`);
      return array(result.dims, Float64Array.from(result.data));
    };
  } finally {
    await session.release();
  }
}

function typedData({ dtype, data }: CaseInput) {
  if (dtype === "int64") return BigInt64Array.from(data, (value) => BigInt(value));
  return dtype === "bool" ? Uint8Array.from(data) : Float32Array.from(data);
}

function tensorOf(name: string, input: CaseInput): Tensor {
  return makeTensor(name, input.dtype, [...input.dims], typedData(input));
}

function hostTensor(input: CaseInput): HostTensor {
  return { dtype: input.dtype, dims: [...input.dims], data: typedData(input) } as HostTensor;
}
