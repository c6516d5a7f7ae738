import type { ModelIndex } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import type { Graph, Model, Node, Tensor } from "#engine/onnx/model.ts";
import type { Range } from "../calibration/range.ts";
import { integerRange } from "../quantization/range.ts";
import { type ScaleZeroPoint, scaleZeroPoint } from "../quantization/scale.ts";
import type { QuantizeStaticOptions } from "../quantize.static.schema.ts";
import type { WeightForm } from "./weights.ts";

/** Names of a quantised value, its scale and its zero point. */
export interface QuantizedNames {
  readonly value: string;
  readonly scale: string;
  readonly zeroPoint: string;
}

/** Integers of an initialiser that stand in the model. */
export interface StoredForm {
  readonly form: WeightForm;
  readonly names: QuantizedNames;
}

/** Scales that are not to follow from ranges and weights, such as those that a training has learned. */
export interface GivenScales {
  /** By the name of the value. */
  readonly activations: ReadonlyMap<string, ScaleZeroPoint>;
  /** By the name of the initialiser. */
  readonly weights: ReadonlyMap<
    string,
    { readonly scales: Float32Array; readonly zeroPoints: readonly number[] }
  >;
  /** Results of Relu and Clip that the integers before them clip to, whatever their scales are now. */
  readonly clipped: ReadonlySet<string>;
}

/** What is to be quantised. */
export interface Plan {
  /** Nodes of the main graph and of subgraphs. */
  readonly chosen: ReadonlySet<Node>;
  /** Names of results whose nodes, in float32, read computed values before these are rounded for others. */
  readonly unrounded: ReadonlySet<string>;
  readonly given?: GivenScales | undefined;
}

/** A graph on its way to integers, and everything that the writers of both formats know of it. */
export interface Draft extends Plan {
  readonly model: Model;
  /** The graph that is written: the main graph or a subgraph. */
  readonly graph: Graph;
  readonly scope: Scope;
  /** The model before the first edit of a writer. */
  readonly index: ModelIndex;
  readonly options: QuantizeStaticOptions;
  /** Of the default domain. */
  readonly opset: number;
  /** Nodes that read values as they are, never what a DequantizeLinear makes of them: see `stateCarriers`. */
  readonly carriers: { has(node: Node): boolean };
  /** Of float32 values as the graph sees them, those of the graphs around it included. */
  readonly ranges: ReadonlyMap<string, Range>;
  /** A float32 initialiser of the graph or of one around it. */
  initializer(name: string): Tensor | undefined;
  /** Makes a second initialiser of the same values and gives its name. */
  copyInitializer(name: string): string;
  /** Names of initialisers that were copied, by the names of the copies. */
  readonly copies: ReadonlyMap<string, string>;
  /** A float32 value that is computed, or a float32 initialiser. */
  isFloat(name: string): boolean;
  /** The graph that has an initialiser. */
  homeOf(tensor: Tensor): Graph;
  /** Integers that are written already, by the initialiser that they stand for: graphs share them. */
  readonly written: Map<Tensor, StoredForm[]>;
  /** The output of a Constant node. */
  isConstant(name: string): boolean;
  valueName(wanted: string): string;
  nodeName(wanted: string): string;
}

/**
 * Scale and zero point of an activation as its range has them; undefined where that is not known. What a graph looks like
 * follows from these alone; what is written are `writtenParameters`.
 */
export function activationParameters(draft: Draft, name: string): ScaleZeroPoint | undefined {
  const range = draft.ranges.get(name);
  if (range === undefined) return undefined;
  const symmetric = draft.options.symmetric_activations;
  const integers = integerRange(draft.options.activation_type, { symmetric, reduceRange: false });
  return scaleZeroPoint(range.low, range.high, integers, symmetric);
}

/** Scale and zero point of an activation: those that were given, or else those of its range. */
export function writtenParameters(draft: Draft, name: string): ScaleZeroPoint | undefined {
  return draft.given?.activations.get(name) ?? activationParameters(draft, name);
}

/** `name` with a suffix, or no name where the node has none. */
export function suffixed(draft: Draft, name: string | undefined, suffix: string): string | undefined {
  return name ? draft.nodeName(name + suffix) : undefined;
}
