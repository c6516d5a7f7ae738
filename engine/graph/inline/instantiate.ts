import { makeNode } from "#engine/onnx/attributes.ts";
import type { Attribute, FunctionDef, Graph, Node, Tensor, ValueInfo } from "#engine/onnx/model.ts";
import { type EngineRemark, say } from "#engine/say.ts";
import { normalDomain } from "../scope.ts";
import type { Budget } from "./budget.ts";
import { Names } from "./names.ts";
import type { SharedWeights } from "./share.ts";

/** What all calls of a model have in common. */
export interface Workshop {
  /** Makes names that nothing in the model has. */
  readonly name: (wanted: string) => string;
  readonly budget: Budget;
  readonly weights: SharedWeights;
}

export interface Instance {
  readonly node: Node[];
  /** Recorded types of the values inside, under their new names. */
  readonly valueInfo: ValueInfo[];
}

/** Why a call cannot be replaced by the body at all; undefined where it can. */
export function misfit(callee: FunctionDef, call: Node): EngineRemark | undefined {
  const given = (at: number) => (call.input[at] ?? "") !== "";
  if (call.input.length > callee.input.length) return say("functions.moreInputs");
  if (call.output.length > callee.output.length) return say("functions.moreOutputs");
  const made = new Set(callee.node.flatMap((node) => node.output));
  callee.input.forEach((name, at) => {
    if (given(at)) made.add(name);
  });
  const lacking = callee.output.find((name, at) => (call.output[at] ?? "") !== "" && !made.has(name));
  return lacking === undefined ? undefined : say("functions.outputMissing", { name: lacking });
}

/**
 * The body of a function as one call of it means it: formal names replaced by those of the call, every other name new
 * to the model, references to attributes replaced by those of the call, by defaults, or left out. Tensors are shared
 * with the body. Calls inside stay calls. As described in the IR specification of ONNX, "Functions", and in
 * `onnx.proto`, FunctionProto.
 *
 * @param depth graphs around the call, for the bound on nesting
 * @throws EngineError "limit-exceeded"
 */
export function instantiate(callee: FunctionDef, call: Node, workshop: Workshop, depth: number): Instance {
  workshop.budget.body(callee);
  const attributes = new Map<string, Attribute>();
  for (const attribute of [...(callee.attributeProto ?? []), ...call.attribute]) {
    if (!attribute.refAttrName) attributes.set(attribute.name, attribute);
  }
  const names = new Names();
  callee.input.forEach((formal, at) => {
    names.set(formal, call.input[at] ?? "");
  });
  const handedOn: Node[] = [];
  callee.output.forEach((formal, at) => {
    const actual = call.output[at] ?? "";
    if (actual === "") return;
    const known = names.own(formal);
    // An input that is an output as well, or one output under two names: a name alone cannot say that.
    if (known !== undefined) handedOn.push(makeNode("Identity", [known], [actual]));
    else names.set(formal, actual);
  });
  const copier = new Copier(workshop, attributes);
  const node = copier.nodes(callee.node, names, depth, new Set(callee.output));
  const inner = (callee.valueInfo ?? []).filter(
    ({ name }) => !callee.input.includes(name) && !callee.output.includes(name),
  );
  const valueInfo = inner.flatMap((known) => {
    const name = names.own(known.name);
    return name === undefined ? [] : [withoutSymbols({ ...known, name })];
  });
  return { node: [...node, ...handedOn], valueInfo };
}

class Copier {
  readonly #workshop: Workshop;
  readonly #attributes: ReadonlyMap<string, Attribute>;

  constructor(workshop: Workshop, attributes: ReadonlyMap<string, Attribute>) {
    this.#workshop = workshop;
    this.#attributes = attributes;
  }

  /** @param fixed names that a node has to make: outputs of the body around */
  nodes(nodes: readonly Node[], names: Names, depth: number, fixed: ReadonlySet<string>): Node[] {
    const { budget, weights, name: fresh } = this.#workshop;
    for (const node of nodes) budget.node(node);
    const stays: Node[] = [];
    for (const node of nodes) {
      const tensor = this.#constant(node);
      const [output = ""] = node.output;
      const movable = tensor !== undefined && output !== "" && !fixed.has(output);
      const shared = movable ? weights.nameOf(tensor, output) : undefined;
      if (shared !== undefined) {
        names.set(output, shared);
        continue;
      }
      stays.push(node);
      for (const name of node.output) {
        if (name !== "" && names.own(name) === undefined) names.set(name, fresh(name));
      }
    }
    return stays.map((node) => this.#node(node, names, depth));
  }

  #node(node: Node, names: Names, depth: number): Node {
    const copy: Node = {
      ...node,
      input: node.input.map((name) => names.of(name)),
      output: node.output.map((name) => names.of(name)),
      attribute: node.attribute.flatMap((attribute) => this.#attribute(attribute, names, depth)),
    };
    if (node.name) copy.name = this.#workshop.name(node.name);
    if (node.deviceConfigurations !== undefined) {
      copy.deviceConfigurations = node.deviceConfigurations.map((configuration) => ({
        ...configuration,
        shardingSpec: configuration.shardingSpec?.map((spec) => ({
          ...spec,
          ...(spec.tensorName === undefined ? {} : { tensorName: names.of(spec.tensorName) }),
        })),
      }));
    }
    return copy;
  }

  #attribute(attribute: Attribute, names: Names, depth: number): Attribute[] {
    if (!attribute.refAttrName) return [this.#graphsOf(attribute, names, depth)];
    const given = this.#attributes.get(attribute.refAttrName);
    if (given === undefined) return [];
    // A graph that the call hands in sees what is around the call, and none of the names and attributes in here.
    const outside = new Copier(this.#workshop, new Map());
    return [outside.#graphsOf({ ...given, name: attribute.name }, new Names(), depth)];
  }

  #graphsOf(attribute: Attribute, names: Names, depth: number): Attribute {
    this.#workshop.budget.attribute(attribute);
    const { g, graphs } = attribute;
    if (g === undefined && graphs === undefined) return attribute;
    const copy = { ...attribute };
    if (g !== undefined) copy.g = this.#graph(g, names, depth + 1);
    if (graphs !== undefined) copy.graphs = graphs.map((graph) => this.#graph(graph, names, depth + 1));
    return copy;
  }

  #graph(graph: Graph, around: Names, depth: number): Graph {
    const { budget, weights, name: fresh } = this.#workshop;
    budget.graph(graph, depth);
    const names = new Names(around);
    const fixed = new Set(graph.output.map(({ name }) => name));
    for (const { name } of graph.input) names.set(name, fresh(name));
    const initializer: Tensor[] = [];
    for (const tensor of graph.initializer) {
      const name = tensor.name ?? "";
      const movable = !fixed.has(name) && names.own(name) === undefined;
      const shared = movable ? weights.nameOf(tensor, name) : undefined;
      if (shared === undefined) initializer.push(tensor);
      names.set(name, shared ?? names.own(name) ?? fresh(name));
    }
    for (const { values } of graph.sparseInitializer ?? []) {
      const name = values?.name ?? "";
      if (names.own(name) === undefined) names.set(name, fresh(name));
    }
    const node = this.nodes(graph.node, names, depth, fixed);
    const known = <T extends { name: string }>(list: readonly T[]) =>
      list.map((value) => ({ ...value, name: names.of(value.name) }));
    const copy: Graph = {
      ...graph,
      node,
      input: known(graph.input),
      output: known(graph.output),
      initializer: initializer.map((tensor) => ({ ...tensor, name: names.of(tensor.name ?? "") })),
      valueInfo: known(graph.valueInfo.filter(({ name }) => names.own(name) !== undefined)),
    };
    if (graph.sparseInitializer !== undefined) {
      copy.sparseInitializer = graph.sparseInitializer.map((sparse) => ({
        ...sparse,
        ...(sparse.values && { values: { ...sparse.values, name: names.of(sparse.values.name ?? "") } }),
      }));
    }
    if (graph.quantizationAnnotation !== undefined) {
      copy.quantizationAnnotation = graph.quantizationAnnotation.map((annotation) => ({
        ...annotation,
        ...(annotation.tensorName && { tensorName: names.of(annotation.tensorName) }),
        quantParameterTensorNames: annotation.quantParameterTensorNames?.map((entry) => ({
          ...entry,
          ...(entry.value && { value: names.of(entry.value) }),
        })),
      }));
    }
    return copy;
  }

  /** The tensor of a Constant node, also where the call gives it. */
  #constant(node: Node): Tensor | undefined {
    if (node.opType !== "Constant" || normalDomain(node.domain) !== "") return undefined;
    const value = node.attribute.find(({ name }) => name === "value");
    return value?.refAttrName ? this.#attributes.get(value.refAttrName)?.t : value?.t;
  }
}

/** A symbol such as "N" means one size in a function and another one in the graph around: the size is not known. */
function withoutSymbols(value: ValueInfo): ValueInfo {
  const tensor = value.type?.tensorType;
  if (tensor?.shape === undefined) return value;
  const dim = tensor.shape.dim.map(({ dimParam: _, ...rest }) => rest);
  return { ...value, type: { ...value.type, tensorType: { ...tensor, shape: { ...tensor.shape, dim } } } };
}
