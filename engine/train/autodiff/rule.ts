import { EngineError } from "#engine/error.ts";
import { nodePlace } from "#engine/graph/scope.ts";
import {
  floatAttribute,
  smallIntAttribute,
  smallIntsAttribute,
  stringAttribute,
} from "#engine/onnx/attributes.ts";
import type { Node } from "#engine/onnx/model.ts";
import type { Emitter } from "./emitter.ts";
import type { Known, Operand } from "./operand.ts";

/** A node of the forward graph, as its rule sees it. */
export class Site {
  readonly node: Node;
  /** undefined: an optional input that is left out. */
  readonly inputs: readonly (Known | undefined)[];
  /** undefined: an optional output that nobody asks for. */
  readonly outputs: readonly (Known | undefined)[];
  readonly #wanted: readonly boolean[];
  readonly #unique: (wanted: string) => string;

  constructor(
    node: Node,
    inputs: readonly (Known | undefined)[],
    outputs: readonly (Known | undefined)[],
    wanted: readonly boolean[],
    unique: (wanted: string) => string,
  ) {
    this.node = node;
    this.inputs = inputs;
    this.outputs = outputs;
    this.#wanted = wanted;
    this.#unique = unique;
  }

  get place(): string {
    return nodePlace(this.node);
  }

  /** Whether somebody needs the gradient of an input. */
  wants(position: number): boolean {
    return this.#wanted[position] === true;
  }

  input(position: number): Known {
    const found = this.inputs[position];
    if (found === undefined) throw this.refusal(`it has no input ${position}`);
    return found;
  }

  output(position = 0): Known {
    const found = this.outputs[position];
    if (found === undefined) throw this.refusal(`it has no output ${position}`);
    return found;
  }

  /** A further output of the forward node, which is added where nobody has asked for it yet. */
  extraOutput(position: number, dims: readonly number[]): Operand {
    const { output } = this.node;
    while (output.length <= position) output.push("");
    output[position] ||= this.#unique(`${output[0]}_${position}`);
    return { name: output[position], dims };
  }

  int(name: string, otherwise: number): number {
    return smallIntAttribute(this.node, name) ?? otherwise;
  }

  ints(name: string): number[] | undefined {
    return smallIntsAttribute(this.node, name);
  }

  float(name: string, otherwise: number): number {
    return floatAttribute(this.node, name) ?? otherwise;
  }

  text(name: string, otherwise: string): string {
    return stringAttribute(this.node, name) ?? otherwise;
  }

  /** Whole numbers that an input holds in every run: axes, pads, a shape. */
  constants(position: number): number[] | undefined {
    const found = this.inputs[position];
    if (found === undefined) return undefined;
    const numbers = found.values?.filter((value) => typeof value === "number");
    if (numbers === undefined || numbers.length !== found.values?.length)
      throw this.refusal(`its input "${found.name}" is not known before the model runs`);
    return numbers;
  }

  refusal(reason: string): EngineError {
    return new EngineError(
      "not-differentiable",
      `${this.node.opType} cannot be trained through: ${reason}`,
      this.place,
    );
  }
}

/**
 * The gradients of a node's inputs, by position, from those of its outputs: a vector–Jacobian product, written as nodes.
 * Rules give the gradient of an input in that input's own shape; positions that `site.wants` denies may be left out.
 *
 * @param upstream by output; undefined where the loss does not depend on it
 * @throws EngineError "not-differentiable" for a form of the operator that has no rule
 */
export type Rule = (
  site: Site,
  upstream: readonly (Operand | undefined)[],
  emit: Emitter,
) => readonly (Operand | undefined)[];

/** The rule of an operator with one output. */
export function ruleOf(
  one: (site: Site, dy: Operand, emit: Emitter) => readonly (Operand | undefined)[],
): Rule {
  return (site, [dy], emit) => (dy === undefined ? [] : one(site, dy, emit));
}
