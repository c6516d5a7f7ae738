import { EngineError } from "#engine/error.ts";
import type { Attribute, FunctionDef, Graph, Model, Node, Tensor, ValueInfo } from "#engine/onnx/model.ts";
import { topologicalOrder } from "../order.ts";
import { functionKey, localFunctions, nodePlace, normalDomain, opsetVersions } from "../scope.ts";
import { type Dim, fill, info, type TensorInfo } from "./info.ts";

export type { Dim } from "./info.ts";

import { ruleOf } from "./rules.ts";
import { declaredInfo, tensorInfo } from "./tensor-info.ts";
import { NodeView, type RunGraph } from "./view.ts";

type Info = TensorInfo | undefined;

/** A node as it runs, with what is known of its inputs and outputs. */
export interface NodeVisit {
  readonly node: Node;
  readonly domain: string;
  readonly place: string;
  readonly inputs: readonly Info[];
  readonly outputs: readonly Info[];
  /** Runs of this node in one run of the model; undefined inside a loop or branch where that is not known. */
  readonly repeat: number | undefined;
}

export interface InferOptions {
  /** Replaces dimensions of the main graph's inputs, by input name and axis, before anything is inferred. */
  readonly inputDim?: (input: string, axis: number, dim: Dim, rank: number) => Dim;
  /**
   * Only what must hold in every run: declared shapes of inner values and outputs are not believed (exporters write
   * those of one run), and initialisers that a caller may override are not constant.
   */
  readonly strict?: boolean;
  /** Called for each node that runs, in order; bodies of local functions once a call. */
  readonly onNode?: (visit: NodeVisit) => void;
}

export interface Shapes {
  /** What is known of a name that this graph defines. Bodies of functions depend on the call: undefined there. */
  info(graph: Graph, name: string): TensorInfo | undefined;
  /** Rules that could not be applied because an attribute is not what it must be. */
  readonly problems: readonly EngineError[];
  /** False where the bound on visits ended the inference early. */
  readonly complete: boolean;
}

/**
 * Node visits in all. Functions that call functions, and loops in loops, multiply; real models stay under 100,000,
 * hostile ones would never end.
 */
const maxVisits = 150_000;
/** Names, attributes and declarations that cost as much as one node visit more: most nodes and bodies have fewer. */
const namesPerVisit = 16;
/** Node visits that it costs to enter a subgraph, whose tables are made anew and through which names are looked up. */
const visitsPerGraph = 2;
/** Nesting of function calls; each level takes a few stack frames. */
const maxCalls = 200;
const maxKeptProblems = 20;

interface Frame {
  readonly known: Map<string, Info>;
  readonly parent: Frame | undefined;
  readonly tensors: ReadonlyMap<string, Tensor>;
  readonly declared: ReadonlyMap<string, Info>;
  readonly opsets: ReadonlyMap<string, number>;
  /** Attributes of the function call around, for references. */
  readonly attributes: ReadonlyMap<string, Attribute> | undefined;
  readonly place: string;
  readonly repeat: number | undefined;
  readonly silent: boolean;
  readonly calls: number;
}

/** Shapes and types of everything in the model, as far as they follow from its inputs and constants. Never throws. */
export function inferShapes(model: Model, options: InferOptions = {}): Shapes {
  const run = new Inference(model, options);
  run.main();
  return {
    info: (graph, name) => run.results.get(graph)?.get(name),
    problems: run.problems,
    complete: run.visits <= maxVisits,
  };
}

class Inference {
  readonly results = new Map<Graph, Map<string, Info>>();
  readonly problems: EngineError[] = [];
  visits = 0;
  readonly #model: Model;
  readonly #options: InferOptions;
  readonly #functions: ReadonlyMap<string, FunctionDef>;
  /** A body runs once for each call and several times for each loop around it, in the same order each time. */
  readonly #orders = new Map<Graph | FunctionDef, readonly Node[]>();
  /** What constants are: their contents are read once, however often they are passed. */
  readonly #constants = new Map<Tensor, Info>();
  readonly #declared = new Map<Graph | FunctionDef, ReadonlyMap<string, Info>>();
  readonly #tensorsOf = new Map<Graph, ReadonlyMap<string, Tensor>>();
  readonly #constantNodes = new Map<Node, readonly Info[]>();

  constructor(model: Model, options: InferOptions) {
    this.#model = model;
    this.#options = options;
    this.#functions = localFunctions(model);
  }

  main(): void {
    const { graph } = this.#model;
    const { inputDim } = this.#options;
    const constants = new Set(graph.initializer.map(({ name }) => name));
    const inputs = graph.input.map(({ name, type }) => {
      const declared = sane(declaredInfo(type));
      const shape = declared?.shape;
      if (inputDim === undefined || shape === undefined || constants.has(name)) return declared;
      return info(
        declared?.dtype,
        shape.map((dim, axis) => inputDim(name, axis, dim, shape.length)),
      );
    });
    this.#graph(graph, inputs, {
      parent: undefined,
      opsets: opsetVersions(this.#model.opsetImport),
      attributes: undefined,
      place: "main graph",
      repeat: 1,
      silent: false,
      calls: 0,
    });
  }

  #graph(
    graph: Graph,
    inputs: readonly Info[],
    context: Omit<Frame, "known" | "tensors" | "declared">,
  ): Info[] {
    const { sparseInitializer = [] } = graph;
    this.visits += visitsPerGraph;
    if (!this.#afford(graph.input.length + graph.output.length + sparseInitializer.length)) return [];
    const strict = this.#options.strict === true;
    const declared = this.#declarations(graph, [...graph.valueInfo, ...graph.output]);
    const tensors = this.#tensors(graph);
    const frame: Frame = { ...context, known: new Map(), tensors, declared };
    graph.input.forEach(({ name, type }, at) => {
      if (tensors.has(name)) return;
      const own = context.parent ? sane(declaredInfo(type)) : undefined;
      frame.known.set(name, fill(inputs[at], strict ? own && info(own.dtype, undefined) : own));
    });
    for (const { values, dims } of sparseInitializer) {
      frame.known.set(values?.name ?? "", sane(info(values?.dataType, dims)));
    }
    this.#body(graph, frame);
    this.results.set(graph, frame.known);
    return graph.output.map(({ name }) => this.#lookup(frame, name));
  }

  #body(body: Graph | FunctionDef, frame: Frame): void {
    const order = this.#orders.get(body) ?? topologicalOrder(body).sorted;
    this.#orders.set(body, order);
    for (const node of order) {
      this.visits++;
      if (!this.#afford(node.input.length + node.output.length + node.attribute.length)) return;
      this.#node(node, frame);
    }
  }

  /** Takes what is looked at from the budget; false where nothing is left. */
  #afford(names: number): boolean {
    this.visits += Math.floor(names / namesPerVisit);
    return this.visits <= maxVisits;
  }

  #lookup(frame: Frame, name: string): Info {
    for (let at: Frame | undefined = frame; at !== undefined; at = at.parent) {
      const tensor = at.tensors.get(name);
      if (tensor !== undefined && !at.known.has(name)) at.known.set(name, this.#constant(tensor));
      if (at.known.has(name)) return at.known.get(name);
    }
    return undefined;
  }

  /** What a body says of its inner values and outputs: the same each time it runs. */
  #declarations(body: Graph | FunctionDef, values: readonly ValueInfo[]): ReadonlyMap<string, Info> {
    const found =
      this.#declared.get(body) ??
      new Map(this.#options.strict ? [] : values.map(({ name, type }) => [name, sane(declaredInfo(type))]));
    this.#declared.set(body, found);
    return found;
  }

  /** The constants of a graph, without those that callers may override where that counts. */
  #tensors(graph: Graph): ReadonlyMap<string, Tensor> {
    const found = this.#tensorsOf.get(graph);
    if (found !== undefined) return found;
    const overridable = new Set(this.#options.strict ? graph.input.map(({ name }) => name) : []);
    const constant = graph.initializer.filter(({ name = "" }) => !overridable.has(name));
    const tensors = new Map(constant.map((tensor) => [tensor.name ?? "", tensor]));
    this.#tensorsOf.set(graph, tensors);
    return tensors;
  }

  #constant(tensor: Tensor): Info {
    const found = this.#constants.get(tensor) ?? sane(tensorInfo(tensor));
    this.#constants.set(tensor, found);
    return found;
  }

  #node(written: Node, frame: Frame): void {
    const node = resolveAttributes(written, frame.attributes);
    const inputs = node.input.map((name) => (name === "" ? undefined : this.#lookup(frame, name)));
    const domain = normalDomain(node.domain);
    const callee = this.#functions.get(functionKey(domain, node.opType, node.overload));
    const inferred =
      callee === undefined
        ? this.#rule(node, domain, inputs, frame)
        : this.#call(callee, node, inputs, frame);
    const outputs = node.output.map((name, at) => fill(sane(inferred[at]), frame.declared.get(name)));
    node.output.forEach((name, at) => {
      if (name !== "") frame.known.set(name, outputs[at]);
    });
    if (frame.silent || callee !== undefined) return;
    const place = `${frame.place}, ${nodePlace(node)}`;
    this.#options.onNode?.({ node, domain, place, inputs, outputs, repeat: frame.repeat });
  }

  #rule(node: Node, domain: string, inputs: readonly Info[], frame: Frame): readonly Info[] {
    const rule = ruleOf(domain, node.opType);
    if (rule === undefined) return [];
    const isConstant = node.opType === "Constant" && domain === "";
    const known = isConstant ? this.#constantNodes.get(node) : undefined;
    if (known !== undefined) return known;
    const runGraph: RunGraph = (graph, values, { repeat, silent }) =>
      this.#graph(graph, values, {
        ...frame,
        parent: frame,
        place: `${frame.place} > ${nodePlace(node)}`,
        repeat: frame.repeat === undefined || repeat === undefined ? undefined : frame.repeat * repeat,
        silent: frame.silent || silent === true,
      });
    try {
      const inferred = rule(new NodeView(node, frame.opsets.get(domain) ?? 1, inputs, runGraph));
      if (isConstant) this.#constantNodes.set(node, inferred);
      return inferred;
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (this.problems.length < maxKeptProblems) this.problems.push(error);
      return [];
    }
  }

  #call(callee: FunctionDef, node: Node, inputs: readonly Info[], frame: Frame): readonly Info[] {
    const { attributeProto = [], valueInfo = [], input, output, attribute } = callee;
    const entries = [attributeProto, input, output, attribute ?? [], node.attribute];
    const names = entries.reduce((sum, list) => sum + list.length, 0);
    if (frame.calls >= maxCalls || !this.#afford(names)) return [];
    const attributes = new Map(attributeProto.map((attribute) => [attribute.name, attribute]));
    for (const attribute of node.attribute) attributes.set(attribute.name, attribute);
    const inner: Frame = {
      known: new Map(callee.input.map((name, at) => [name, inputs[at]])),
      parent: undefined,
      tensors: new Map(),
      declared: this.#declarations(callee, valueInfo),
      opsets: callee.opsetImport.length > 0 ? opsetVersions(callee.opsetImport) : frame.opsets,
      attributes,
      place: `${frame.place} > ${nodePlace(node)}`,
      repeat: frame.repeat,
      silent: frame.silent,
      calls: frame.calls + 1,
    };
    this.#body(callee, inner);
    return callee.output.map((name) => this.#lookup(inner, name));
  }
}

/** Inside a function: references replaced by the attributes of the call, or left out where it gives none. */
function resolveAttributes(node: Node, given: ReadonlyMap<string, Attribute> | undefined): Node {
  if (given === undefined || !node.attribute.some(({ refAttrName }) => refAttrName)) return node;
  const attribute = node.attribute.flatMap((own) => {
    if (!own.refAttrName) return [own];
    const value = given.get(own.refAttrName);
    return value === undefined ? [] : [{ ...value, name: own.name }];
  });
  return { ...node, attribute };
}

/** Dimensions that are followed: runtimes end far below, and rules copy shapes from node to node. */
const maxRank = 256;

/** A dimension that arithmetic on hostile numbers made impossible becomes unknown, and so does an impossible rank. */
function sane(value: Info): Info {
  if (value?.shape === undefined) return value;
  if (value.shape.length > maxRank) return info(value.dtype, undefined);
  const bad = (dim: Dim) => typeof dim === "number" && (!Number.isSafeInteger(dim) || dim < 0);
  if (!value.shape.some(bad)) return value;
  return info(
    value.dtype,
    value.shape.map((dim) => (bad(dim) ? undefined : dim)),
  );
}
