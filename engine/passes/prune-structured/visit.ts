import type { ModelIndex, Value } from "#engine/graph/index.ts";
import type { Scope } from "#engine/graph/scope.ts";
import type { Dim, TensorInfo } from "#engine/graph/shapes/info.ts";
import { isNumbers } from "#engine/graph/shapes/info.ts";
import {
  floatAttribute,
  smallIntAttribute,
  smallIntsAttribute,
  stringAttribute,
} from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import { nodeRemark } from "../pass.ts";
import type { Lock } from "../prune.structured.words.ts";
import { ConstantAxes, type LabelledConstant } from "./constants.ts";
import type { Cut } from "./cut.ts";
import type { SampledShapes } from "./shapes.ts";
import { type Axes, type Axis, Units } from "./units.ts";

/** For an integer tensor that holds sizes: the axis that each element is the size of. */
export type Sizes = readonly (Axis | undefined)[];

/** A layer that makes units: they are ranked together with those of every layer that shares one of them. */
export interface Producer {
  readonly axis: Axis;
  readonly node: Node;
  readonly scope: Scope;
}

/** A layer that sums over units with constant weights: what it loses can be made up for in its bias. */
export interface Reader {
  readonly node: Node;
  readonly scope: Scope;
  /** Axis of the first input that is summed over, and its units. */
  readonly channelAxis: number;
  readonly axis: Axis;
  /** Units of what it makes; undefined where all of it stays. */
  readonly out: Axis | undefined;
}

/** A tensor that the graph fills with one value. */
export interface Filled {
  readonly axes: Axes;
  readonly dims: readonly number[];
  readonly fill: number;
}

/** What is found out about a model on the way through it. */
export class Trace {
  readonly units = new Units();
  readonly constants = new ConstantAxes(this.units);
  readonly axes = new Map<Value, Axes>();
  readonly sizes = new Map<Value, Sizes>();
  /** Every axis of every value. */
  readonly known = new Set<Axis>();
  readonly producers: Producer[] = [];
  readonly readers: Reader[] = [];
  readonly filled: Filled[] = [];
  /** Axes of constants that linear layers multiply with, however narrow: a layer with one output has a row of weights. */
  readonly weights = new Set<Axes>();
  readonly edits: ((cut: Cut) => void)[] = [];
  readonly index: ModelIndex;
  readonly shapes: SampledShapes;
  readonly heads: boolean;

  constructor(index: ModelIndex, shapes: SampledShapes, heads: boolean) {
    this.index = index;
    this.shapes = shapes;
    this.heads = heads;
  }

  /** True for matrices and kernels, false for biases and the parameters of normalisation. */
  isWeight({ axes, reader }: LabelledConstant): boolean {
    return reader === undefined || this.weights.has(axes);
  }

  info(value: Value | undefined): TensorInfo | undefined {
    const graph = value?.scope.graph;
    return value === undefined || graph === undefined ? undefined : this.shapes.info(graph, value.name);
  }

  /** Axes of a value that is no constant; none where its rank is not known. */
  axesOf(value: Value): Axes {
    return this.axes.get(value) ?? (this.info(value)?.shape ?? []).map(() => undefined);
  }
}

/** A node as a rule sees it: what its inputs are, and what the rule says about their units. */
export class Visit {
  readonly node: Node;
  readonly scope: Scope;
  readonly opset: number;
  readonly trace: Trace;
  readonly #inputs: readonly Axes[];
  readonly #explained = new Set<Axis>();

  constructor(trace: Trace, node: Node, scope: Scope) {
    this.trace = trace;
    this.node = node;
    this.scope = scope;
    this.opset = scope.opsets.get(node.domain === "ai.onnx" ? "" : (node.domain ?? "")) ?? 1;
    this.#inputs = node.input.map((_, position) => {
      const value = this.value(position);
      if (value === undefined) return [];
      return trace.constants.read(value, node, position) ?? trace.axesOf(value);
    });
  }

  has(position: number): boolean {
    return (this.node.input[position] ?? "") !== "";
  }

  value(position: number): Value | undefined {
    return this.has(position)
      ? this.trace.index.resolve(this.scope, this.node.input[position] ?? "")
      : undefined;
  }

  axes(position: number): Axes {
    return this.#inputs[position] ?? [];
  }

  /** One axis of an input, counted from the end where negative. */
  axis(position: number, at: number): Axis | undefined {
    return this.axes(position).at(at);
  }

  info(position: number): TensorInfo | undefined {
    const value = this.value(position);
    const info = this.trace.info(value);
    if (info !== undefined || value?.initializer === undefined) return info;
    return { dtype: value.initializer.dataType, shape: value.initializer.dims };
  }

  shape(position: number): readonly Dim[] | undefined {
    return this.info(position)?.shape;
  }

  rank(position: number): number | undefined {
    return this.shape(position)?.length;
  }

  outputShape(position: number): readonly Dim[] | undefined {
    const value = this.trace.index.resolve(this.scope, this.node.output[position] ?? "");
    return this.trace.info(value)?.shape;
  }

  /** Contents of an integer input, where the graph fixes them. */
  numbers(position: number): readonly number[] | undefined {
    const values = this.info(position)?.values;
    return isNumbers(values) ? values : undefined;
  }

  /** Integers from an input, or from the attribute that older opsets had; undefined where neither is known. */
  ints(attribute: string, position: number): readonly number[] | undefined {
    return this.has(position) ? this.numbers(position) : smallIntsAttribute(this.node, attribute);
  }

  int(name: string): number | undefined {
    return smallIntAttribute(this.node, name);
  }

  float(name: string): number | undefined {
    return floatAttribute(this.node, name);
  }

  string(name: string): string | undefined {
    return stringAttribute(this.node, name);
  }

  sizes(position: number): Sizes | undefined {
    const value = this.value(position);
    return value === undefined ? undefined : this.trace.sizes.get(value);
  }

  /** True where an output beyond the first is named. */
  hasOutput(position: number): boolean {
    return (this.node.output[position] ?? "") !== "";
  }

  /** The rule has an answer for this axis: it goes on under the same units, or its cut is understood. */
  explain(...axes: readonly (Axis | undefined)[]): void {
    for (const axis of axes) if (axis !== undefined) this.#explained.add(axis);
  }

  lock(axis: Axis | undefined, why: Lock): void {
    if (axis !== undefined)
      this.trace.units.lock(axis, say(`prune-structured-locks.${why}`, { node: nodeRemark(this.node) }));
  }

  /** Position by position, the two are the same units. What has no units keeps the other as it is. */
  join(a: Axis | undefined, b: Axis | undefined): void {
    this.explain(a, b);
    if (a === b) return;
    if (a === undefined || b === undefined) this.lock(a ?? b, "joinsFixed");
    else if (a.length !== b.length) {
      this.lock(a, "joinsOtherSize");
      this.lock(b, "joinsOtherSize");
    } else {
      for (let at = 0; at < a.length; at++) this.trace.units.unite(a[at] ?? 0, b[at] ?? 0);
    }
  }

  /** All positions with the same number are one unit. */
  group(axis: Axis, number: (position: number) => number): void {
    const first = new Map<number, number>();
    axis.forEach((unit, position) => {
      const key = number(position);
      const known = first.get(key);
      if (known === undefined) first.set(key, unit);
      else this.trace.units.unite(known, unit);
    });
  }

  /** The input is a factor, not a bias. */
  weighs(position: number): void {
    this.trace.weights.add(this.axes(position));
  }

  produces(axis: Axis | undefined): void {
    if (axis !== undefined) this.trace.producers.push({ axis, node: this.node, scope: this.scope });
  }

  sums(channelAxis: number, axis: Axis | undefined, out: Axis | undefined): void {
    if (axis !== undefined) {
      this.trace.readers.push({ node: this.node, scope: this.scope, channelAxis, axis, out });
    }
  }

  edit(change: (cut: Cut) => void): void {
    this.trace.edits.push(change);
  }

  /**
   * Locks whatever the rule said nothing about.
   *
   * @param outputs what the rule answered; undefined where there is none for the operator
   */
  close(outputs: readonly Axes[] | undefined): void {
    const why = outputs === undefined ? "notFollowed" : "readsOddly";
    for (const axes of outputs ?? []) this.explain(...axes);
    const inputs = this.node.input.flatMap((_, position) => [
      ...this.axes(position),
      ...(this.sizes(position) ?? []),
    ]);
    for (const axis of inputs) {
      if (axis !== undefined && !this.#explained.has(axis)) this.lock(axis, why);
    }
  }
}

/** Axes of each output. Outputs that a rule does not list have fixed sizes. */
export type AxesRule = (visit: Visit) => readonly Axes[];

export function fixedAxes(shape: readonly Dim[] | undefined): Axes {
  return (shape ?? []).map(() => undefined);
}
