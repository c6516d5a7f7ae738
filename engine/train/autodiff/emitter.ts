import { makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Node, Tensor } from "#engine/onnx/model.ts";
import { type Operand, sizeOf } from "./operand.ts";

/** Collects the nodes and constants of a part of a graph that is written by program. */
export class Emitter {
  readonly nodes: Node[] = [];
  readonly initializers: Tensor[] = [];
  /** Of all values that the nodes make. */
  elements = 0;
  readonly #unique: (wanted: string) => string;
  readonly #constants = new Map<string, Operand>();

  /** @param unique maker of names that nothing in the model has */
  constructor(unique: (wanted: string) => string) {
    this.#unique = unique;
  }

  /** A name that nothing has yet. */
  name(wanted: string): string {
    return this.#unique(wanted);
  }

  /**
   * Appends a node with one output.
   *
   * @param inputs undefined leaves an optional input out
   * @param dims shape of the output
   */
  op(
    opType: string,
    inputs: readonly (Operand | undefined)[],
    dims: readonly number[],
    attribute: Attribute[] = [],
    domain?: string,
  ): Operand {
    const output = { name: this.#unique(`grad_${opType}`), dims };
    this.elements += sizeOf(dims);
    this.#append(opType, inputs, [output.name], attribute, domain);
    return output;
  }

  /** Appends a node with several outputs of the shapes given. */
  ops(
    opType: string,
    inputs: readonly (Operand | undefined)[],
    shapes: readonly (readonly number[])[],
    attribute: Attribute[] = [],
  ): Operand[] {
    const outputs = shapes.map((dims) => ({ name: this.#unique(`grad_${opType}`), dims }));
    for (const dims of shapes) this.elements += sizeOf(dims);
    this.#append(
      opType,
      inputs,
      outputs.map(({ name }) => name),
      attribute,
    );
    return outputs;
  }

  #append(
    opType: string,
    inputs: readonly (Operand | undefined)[],
    outputs: string[],
    attribute: Attribute[],
    domain?: string,
  ): void {
    const names = inputs.map((input) => input?.name ?? "");
    while (names.at(-1) === "") names.pop();
    this.nodes.push(
      makeNode(opType, names, outputs, { name: this.#unique(`n_${outputs[0]}`), attribute, domain }),
    );
  }

  /** A float32 number. */
  scalar(value: number): Operand {
    return this.#constant(`f:${value}`, [], () => makeTensor("", "float32", [], Float32Array.of(value)));
  }

  /** An int64 number. */
  int(value: number): Operand {
    return this.#constant(`n:${value}`, [], () =>
      makeTensor("", "int64", [], BigInt64Array.of(BigInt(value))),
    );
  }

  /** A list of int64. */
  ints(values: readonly number[]): Operand {
    return this.#constant(`i:${values.join()}`, [values.length], () =>
      makeTensor("", "int64", [values.length], BigInt64Array.from(values, BigInt)),
    );
  }

  /** float32 values in a shape. */
  floats(dims: readonly number[], values: Float32Array): Operand {
    const tensor = makeTensor(this.#unique("grad_constant"), "float32", [...dims], values);
    this.initializers.push(tensor);
    return { name: tensor.name ?? "", dims };
  }

  #constant(key: string, dims: readonly number[], make: () => Tensor): Operand {
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const constant = { name: this.#unique("grad_constant"), dims };
    this.initializers.push({ ...make(), name: constant.name });
    this.#constants.set(key, constant);
    return constant;
  }
}
