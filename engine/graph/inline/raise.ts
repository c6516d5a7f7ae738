import { cloneStructure } from "#engine/graph/clone.ts";
import { tensorAttribute } from "#engine/onnx/attributes.ts";
import type { Graph, Model, Node, Tensor, ValueInfo } from "#engine/onnx/model.ts";
import { indexModel, type ModelIndex } from "../index.ts";
import { namesRead } from "../order.ts";
import { normalDomain } from "../scope.ts";
import { inferShapes, type Shapes } from "../shapes/infer.ts";
import type { Instance } from "./instantiate.ts";
import type { Versions } from "./opsets.ts";

/** What the model knew of its values before anything was inlined: to rewrite a body takes types and constants. */
export class Surroundings {
  readonly #index: ModelIndex;
  readonly #shapes: Shapes;
  readonly #parents = new Map<Graph, Graph>();

  constructor(model: Model) {
    this.#index = indexModel(model);
    this.#shapes = inferShapes(model);
  }

  /** Says in which graph another one stands: graphs that came with a body have no place in the index. */
  enter(graph: Graph, parent: Graph): void {
    this.#parents.set(graph, parent);
  }

  type(graph: Graph, name: string): ValueInfo {
    const home = this.#value(graph, name)?.scope.graph;
    const found = home === undefined ? undefined : this.#shapes.info(home, name);
    if (found === undefined) return { name };
    const dim = found.shape?.map((size) => {
      if (size === undefined) return {};
      return typeof size === "number" ? { dimValue: size } : { dimParam: size };
    });
    return { name, type: { tensorType: { elemType: found.dtype, shape: dim && { dim } } } };
  }

  constant(graph: Graph, name: string): Tensor | undefined {
    const value = this.#value(graph, name);
    if (value?.initializer !== undefined) return value.isInput ? undefined : value.initializer;
    const { producer } = value ?? {};
    if (producer?.opType !== "Constant" || normalDomain(producer.domain) !== "") return undefined;
    return tensorAttribute(producer, "value");
  }

  #value(graph: Graph, name: string) {
    for (let at: Graph | undefined = graph; at !== undefined; at = this.#parents.get(at)) {
      const scope = this.#index.scopeOf(at);
      if (scope !== undefined) return this.#index.resolve(scope, name);
    }
    return undefined;
  }
}

export interface Raise {
  readonly call: Node;
  /** The graph in which the call stands. */
  readonly graph: Graph;
  readonly model: Model;
  /** Version of the standard operators in the body, and in the model. */
  readonly from: number;
  readonly to: number;
  readonly versions: Versions;
  readonly surroundings: Surroundings;
  /** Weights of bodies that moved into the main graph. */
  readonly shared: (name: string) => Tensor | undefined;
  readonly name: (wanted: string) => string;
}

/**
 * Rewrites the body of one call for the version of the model: as a model of its own, whose inputs are what the body
 * reads.
 *
 * @throws EngineError as `versions.raise`
 */
export function raiseInstance(instance: Instance, raise: Raise): Instance {
  const { call, graph, model, surroundings } = raise;
  const made = new Set(instance.node.flatMap(({ output }) => output));
  const read = new Set(
    instance.node.flatMap((node) => [...namesRead(node)]).filter((name) => !made.has(name)),
  );
  const input: ValueInfo[] = [];
  const initializer: Tensor[] = [];
  for (const name of read) {
    const tensor = raise.shared(name) ?? surroundings.constant(graph, name);
    if (tensor === undefined) input.push(surroundings.type(graph, name));
    else initializer.push({ ...tensor, name });
  }
  const body: Model = cloneStructure({
    ...model,
    trainingInfo: undefined,
    // Initialisers of older files would have to be inputs.
    irVersion: Math.max(model.irVersion ?? 0, 8),
    opsetImport: model.opsetImport.map((entry) =>
      normalDomain(entry.domain) === "" ? { ...entry, version: raise.from } : entry,
    ),
    graph: {
      node: instance.node,
      initializer,
      input,
      output: call.output.filter((name) => name !== "").map((name) => ({ name })),
      valueInfo: instance.valueInfo,
    },
  });
  raise.versions.raise(body, raise.to, raise.name);
  return { node: body.graph.node, valueInfo: instance.valueInfo };
}
