import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import type { Graph, Model, Node } from "#engine/onnx/model.ts";
import type { QuantizeDynamicOptions } from "../quantize.dynamic.schema.ts";

/** Names of a quantised value, its scale and its zero point. */
export interface QuantizedNames {
  readonly value: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/** A value of a scope of which a quantised form exists. */
interface QuantizedValue extends QuantizedNames {
  /** The float form under the original name exists too. */
  hasFloat: boolean;
}

/** One graph while its list of nodes is written anew. */
export interface GraphState {
  readonly scope: Scope;
  readonly graph: Graph;
  readonly parent: GraphState | undefined;
  readonly nodes: Node[];
  readonly quantized: Map<string, QuantizedValue>;
  /** Output of the Mul of two scales, by the names of the scales: nodes without a name share it. */
  readonly scaleProducts: Map<string, string>;
}

/** What the whole run knows. */
export interface Quantizer {
  readonly model: Model;
  readonly options: QuantizeDynamicOptions;
  readonly index: ModelIndex;
  readonly states: Map<Scope, GraphState>;
  valueName(wanted: string): string;
  nodeName(wanted: string): string;
}

export function openState(
  quantizer: Quantizer,
  scope: Scope,
  graph: Graph,
  parent: GraphState | undefined,
): GraphState {
  const state = { scope, graph, parent, nodes: [], quantized: new Map(), scaleProducts: new Map() };
  quantizer.states.set(scope, state);
  return state;
}

/** The state of the graph that defines a name, seen from a graph that uses it. */
function definingState(quantizer: Quantizer, state: GraphState, name: string): GraphState {
  const value = quantizer.index.resolve(state.scope, name);
  return (value && quantizer.states.get(value.scope)) ?? state;
}

/**
 * The quantised form of an activation. It is made once, by DynamicQuantizeLinear in the graph that defines the
 * activation, so that a loop does not repeat it and several readers share it.
 */
export function quantizeActivation(quantizer: Quantizer, state: GraphState, name: string): QuantizedNames {
  const home = definingState(quantizer, state, name);
  const known = home.quantized.get(name);
  if (known !== undefined) return known;
  const made = {
    value: quantizer.valueName(`${name}_quantized`),
    scale: quantizer.valueName(`${name}_scale`),
    zeroPoint: quantizer.valueName(`${name}_zero_point`),
    hasFloat: true,
  };
  home.quantized.set(name, made);
  home.nodes.push(
    makeNode("DynamicQuantizeLinear", [name], [made.value, made.scale, made.zeroPoint], {
      name: quantizer.nodeName(`${name}_QuantizeLinear`),
    }),
  );
  return made;
}

/** The quantised form of a value where there is one already. */
export function findQuantized(
  quantizer: Quantizer,
  state: GraphState,
  name: string,
): QuantizedNames | undefined {
  return definingState(quantizer, state, name).quantized.get(name);
}

/** Records that a value of this graph now exists in quantised form only. */
export function onlyQuantized(state: GraphState, name: string, quantized: QuantizedNames): void {
  state.quantized.set(name, { ...quantized, hasFloat: false });
}

/** Makes sure that a value can be read as float under its own name. */
export function ensureFloat(quantizer: Quantizer, state: GraphState, name: string): void {
  if (name === "") return;
  const home = definingState(quantizer, state, name);
  const quantized = home.quantized.get(name);
  if (quantized === undefined || quantized.hasFloat) return;
  quantized.hasFloat = true;
  home.nodes.push(
    makeNode("DequantizeLinear", [quantized.value, quantized.scale, quantized.zeroPoint], [name], {
      name: quantizer.nodeName(`${name}_DequantizeLinear`),
    }),
  );
}
