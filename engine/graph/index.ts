import type { FunctionDef, Graph, Model, Node, SparseTensor, Tensor } from "#engine/onnx/model.ts";
import { modelScopes, type Scope } from "./scope.ts";

/** One place where a node reads a value; `scope` is where that node stands, which may be below the value's. */
export interface Use {
  readonly node: Node;
  /** Position in `node.input`. */
  readonly position: number;
  readonly scope: Scope;
}

/** A name in one scope: where its value comes from and everyone who reads it, subgraphs included. */
export interface Value {
  readonly name: string;
  readonly scope: Scope;
  /** The node that makes it, or undefined for inputs and initialisers. */
  readonly producer: Node | undefined;
  /** Position in `producer.output`. */
  readonly position: number;
  readonly initializer: Tensor | undefined;
  readonly sparseInitializer: SparseTensor | undefined;
  /** An input of its graph or function. With `initializer` set, a caller may override the initialiser. */
  readonly isInput: boolean;
  /** An output of its graph or function. */
  readonly isOutput: boolean;
  /** Subgraphs that name this outer value directly as one of their outputs. */
  readonly outputOf: readonly Scope[];
  readonly uses: readonly Use[];
}

export interface ModelIndex {
  /** Parents before children, the main graph first. */
  readonly scopes: readonly Scope[];
  scopeOf(body: Graph | FunctionDef): Scope | undefined;
  /** The value that a name means in a scope, looked up through the parents; undefined where nothing defines it. */
  resolve(scope: Scope, name: string): Value | undefined;
  /** The values that a scope itself defines. */
  values(scope: Scope): ReadonlyMap<string, Value>;
}

type MutableValue = Omit<Value, "isOutput" | "outputOf" | "uses"> & {
  isOutput: boolean;
  outputOf: Scope[];
  uses: Use[];
};

function define(scope: Scope): Map<string, MutableValue> {
  const values = new Map<string, MutableValue>();
  const inputs = new Set<string>();
  for (const input of scope.body.input) inputs.add(typeof input === "string" ? input : input.name);
  // One object of one form for each value: a file can have hundreds of thousands of them.
  const add = (
    name: string,
    producer: Node | undefined,
    position: number,
    initializer?: Tensor,
    sparseInitializer?: SparseTensor,
  ) => {
    // A name defined twice is an error that validation reports; the first definition stands here.
    if (name === "" || values.has(name)) return;
    values.set(name, {
      name,
      scope,
      producer,
      position,
      initializer,
      sparseInitializer,
      isInput: inputs.has(name),
      isOutput: false,
      outputOf: [],
      uses: [],
    });
  };
  for (const tensor of scope.graph?.initializer ?? []) add(tensor.name ?? "", undefined, 0, tensor);
  for (const sparse of scope.graph?.sparseInitializer ?? []) {
    add(sparse.values?.name ?? "", undefined, 0, undefined, sparse);
  }
  for (const name of inputs) add(name, undefined, 0);
  for (const node of scope.body.node) {
    node.output.forEach((name, position) => {
      add(name, node, position);
    });
  }
  return values;
}

/**
 * Indexes every scope of the model. The index describes the model at this moment: after an edit build it anew.
 * Linear in the size of the model times the depth of nesting. Malformed models are indexed as far as they make
 * sense; `validateModel` reports what is wrong with them.
 */
export function indexModel(model: Model): ModelIndex {
  const scopes = modelScopes(model);
  const tables = new Map<Scope, Map<string, MutableValue>>(scopes.map((scope) => [scope, define(scope)]));
  const byBody = new Map<Graph | FunctionDef, Scope>(scopes.map((scope) => [scope.body, scope]));
  const resolve = (scope: Scope, name: string): MutableValue | undefined => {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      const found = tables.get(at)?.get(name);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  for (const scope of scopes) {
    for (const node of scope.body.node) {
      node.input.forEach((name, position) => {
        if (name !== "") resolve(scope, name)?.uses.push({ node, position, scope });
      });
    }
    for (const output of scope.body.output) {
      const value = resolve(scope, typeof output === "string" ? output : output.name);
      if (value === undefined) continue;
      if (value.scope === scope) value.isOutput = true;
      else value.outputOf.push(scope);
    }
  }
  const none = new Map<string, Value>();
  return {
    scopes,
    scopeOf: (body) => byBody.get(body),
    resolve,
    values: (scope) => tables.get(scope) ?? none,
  };
}
