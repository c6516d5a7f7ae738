import { EngineError } from "#engine/error.ts";
import { makeFloat, makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import type { Attribute, Node } from "#engine/onnx/model.ts";
import type { LiteOperator, LiteTensor } from "../reader/lite-model.ts";
import { type OptionField, readOptions } from "../reader/options.ts";
import { wholeNumbers } from "./constants.ts";
import type { GraphWriter } from "./graph-writer.ts";

/** A form of an operator that is not converted; what is said becomes part of the one error that names them all. */
export class Refusal extends Error {}

/** Attributes by name: whole numbers, floats as `{ float }`, texts as `{ text }`, or lists of whole numbers. */
export type Attributes = Readonly<
  Record<string, number | readonly number[] | { readonly float: number } | { readonly text: string }>
>;

/** One operator of the source while it is converted. */
export class Site {
  readonly writer: GraphWriter;
  readonly operator: LiteOperator;
  /** What this site wrote, so that a result can still be given its name. */
  readonly #own = new Map<string, Node>();
  /** The nodes of this site that read a value of it. */
  readonly #readers = new Map<string, Node[]>();

  constructor(writer: GraphWriter, operator: LiteOperator) {
    this.writer = writer;
    this.operator = operator;
  }

  /** @throws Refusal, with what is missing as it reads behind the operator's name, such as "with computed axes" */
  refuse(form: string): never {
    throw new Refusal(`${this.operator.name} ${form}`);
  }

  optional(at: number): LiteTensor | undefined {
    const index = this.operator.inputs[at];
    return index === undefined || index < 0 ? undefined : this.writer.graph.tensors[index];
  }

  input(at: number): LiteTensor {
    const tensor = this.optional(at);
    if (tensor === undefined)
      throw new EngineError("malformed", `It has no input ${at}`, this.operator.place);
    return tensor;
  }

  output(at = 0): LiteTensor {
    const tensor = this.writer.graph.tensors[this.operator.outputs[at] ?? -1];
    if (tensor === undefined)
      throw new EngineError("malformed", `It has no output ${at}`, this.operator.place);
    return tensor;
  }

  options<Fields extends Readonly<Record<string, OptionField>>>(fields: Fields) {
    return readOptions(this.operator.options, fields);
  }

  /** Whole numbers that have to be known now, such as axes. */
  wholes(at: number, what: string): number[] {
    const tensor = this.input(at);
    if (tensor.data === undefined && !tensor.shape.includes(0)) this.refuse(`with computed ${what}`);
    return wholeNumbers(tensor);
  }

  /** An axis counted from the front. */
  axis(axis: number, rank: number): number {
    const front = axis < 0 ? axis + rank : axis;
    if (front < 0 || front >= rank || !Number.isInteger(front))
      throw new EngineError("malformed", `There is no axis ${axis} of ${rank}`, this.operator.place);
    return front;
  }

  /** Throws unless the tensor has so many dimensions. */
  rank(tensor: LiteTensor, rank: number): void {
    if (tensor.shape.length !== rank) this.refuse(`of ${tensor.shape.length} dimensions`);
  }

  /** Writes a node and gives the name of its only output. */
  node(opType: string, inputs: string[], attributes: Attributes = {}): string {
    const [first] = this.operator.outputs;
    const name = this.writer.fresh(`${this.writer.names[first ?? -1] ?? ""}/${opType}`);
    const node = this.writer.add(opType, inputs, [name], written(attributes));
    this.#own.set(name, node);
    for (const input of inputs) {
      if (!this.#own.has(input)) continue;
      const readers = this.#readers.get(input) ?? [];
      this.#readers.set(input, readers);
      readers.push(node);
    }
    return name;
  }

  /** As `node`, with as many outputs as there are names, which are those of tensors. */
  nodeInto(opType: string, inputs: string[], outputs: string[], attributes: Attributes = {}): void {
    this.writer.add(opType, inputs, outputs, written(attributes));
  }

  ints(wanted: string, values: readonly number[]): string {
    return this.writer.constant(wanted, "int64", [values.length], BigInt64Array.from(values, BigInt));
  }

  scalar(value: number): string {
    return this.writer.constant(`float_${value}`, "float32", [], Float32Array.of(value));
  }

  /** Gives a value that this site made the name of a tensor. */
  name(value: string, tensor: LiteTensor): void {
    const name = this.writer.name(tensor);
    const node = this.#own.get(value);
    if (node === undefined) {
      this.writer.add("Identity", [value], [name], []);
      return;
    }
    node.output = node.output.map((output) => (output === value ? name : output));
    for (const reader of this.#readers.get(value) ?? [])
      reader.input = reader.input.map((input) => (input === value ? name : input));
    this.#own.delete(value);
  }

  /** What a Reshape makes of a tensor: the batch, where it is open, is what is left. */
  dims(shape: readonly number[]): number[] {
    return this.writer.batch ? [-1, ...shape.slice(1)] : [...shape];
  }

  reshape(value: string, shape: readonly number[]): string {
    const dims = this.dims(shape);
    const target = this.ints(`shape_${dims.join("x") || "scalar"}`, dims);
    return this.node("Reshape", [value, target], dims.includes(0) ? { allowzero: 1 } : {});
  }

  transpose(value: string, perm: readonly number[]): string {
    return this.node("Transpose", [value], { perm });
  }
}

function written(attributes: Attributes): Attribute[] {
  return Object.entries(attributes).map(([name, value]) => {
    if (typeof value === "number") return makeInt(name, value);
    if ("float" in value) return makeFloat(name, value.float);
    return "text" in value ? makeString(name, value.text) : makeInts(name, value);
  });
}
