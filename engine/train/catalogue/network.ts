import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { sizeOf } from "../autodiff/operand.ts";

/** A value of the network under construction: its name, and its shape without the batch. */
export interface Signal {
  readonly name: string;
  readonly dims: readonly number[];
  /** Default float32. */
  readonly dtype?: "float32" | "int64";
}

/** Name of the batch dimension in models of the catalogue. */
const batch = "batch";
const opset = 18;
const irVersion = 8;

/** What the weights follow from; an outline has none, and only notes how many there would be. */
export type Seed = number | Outline;

/** An architecture without its weights: what it takes is known before any memory is taken. */
export class Outline {
  /** Weights of the architecture. */
  parameters = 0;
  /** Bytes of its stored tensors. */
  tensorBytes = 0;
}

/**
 * Writes an architecture as ONNX, layer by layer, with weights that follow from a seed: matrices and kernels uniform in
 * ±√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010), biases zero.
 */
export class Network {
  readonly #nodes: Node[] = [];
  readonly #initializers: Tensor[] = [];
  readonly #random;
  readonly #outline: Outline | undefined;
  #count = 0;

  constructor(seed: Seed) {
    this.#outline = typeof seed === "number" ? undefined : seed;
    this.#random = randomStream(typeof seed === "number" ? seed : 0);
  }

  input(name: string, dims: readonly number[], dtype: Signal["dtype"] = "float32"): Signal {
    return { name, dims, dtype };
  }

  /**
   * Appends a node.
   *
   * @param name of its output
   * @param dims of its output, without the batch
   */
  node(
    opType: string,
    inputs: readonly string[],
    name: string,
    dims: readonly number[],
    attribute: Attribute[] = [],
  ): Signal {
    this.#nodes.push(
      makeNode(opType, [...inputs], [name], { name: `${opType}_${this.#count++}`, attribute }),
    );
    return { name, dims };
  }

  /** Appends a node of which only the second output is used. */
  second(opType: string, inputs: readonly string[], name: string, attribute: Attribute[]): string {
    this.#nodes.push(
      makeNode(opType, [...inputs], ["", name], { name: `${opType}_${this.#count++}`, attribute }),
    );
    return name;
  }

  /** A matrix or kernel. */
  weight(name: string, dims: readonly number[], fanIn: number, fanOut: number): string {
    const bound = Math.sqrt(6 / (fanIn + fanOut));
    return this.#store(name, dims, () => (2 * this.#random.uniform() - 1) * bound);
  }

  /** A table of normally distributed rows. */
  table(name: string, rows: number, width: number, deviation: number): string {
    return this.#store(name, [rows, width], () => this.#random.normal() * deviation);
  }

  constant(name: string, dims: readonly number[], value: number): string {
    return this.#store(name, dims, () => value);
  }

  ints(name: string, values: readonly number[]): string {
    const data = BigInt64Array.from(values, BigInt);
    this.#initializers.push(makeTensor(name, "int64", [values.length], data));
    return name;
  }

  #store(name: string, dims: readonly number[], value: () => number): string {
    if (this.#outline !== undefined) {
      const size = sizeOf(dims);
      this.#outline.parameters += size;
      // With its name, its shape and the lengths before them, as the file stores a tensor.
      this.#outline.tensorBytes += 4 * size + name.length + dims.length + 20;
      return name;
    }
    const data = Float32Array.from({ length: sizeOf(dims) }, value);
    this.#initializers.push(makeTensor(name, "float32", [...dims], data));
    return name;
  }

  /** The model that computes `output`, which is named anew. */
  finish(name: string, inputs: readonly Signal[], output: Signal, outputName: string): Model {
    for (const node of this.#nodes)
      node.output = node.output.map((made) => (made === output.name ? outputName : made));
    return makeModel(
      makeGraph({
        name,
        node: this.#nodes,
        input: inputs.map(({ name: input, dims, dtype = "float32" }) =>
          makeValue(input, dtype, [batch, ...dims]),
        ),
        output: [makeValue(outputName, "float32", [batch, ...output.dims])],
        initializer: this.#initializers,
      }),
      { opset, irVersion },
    );
  }
}
