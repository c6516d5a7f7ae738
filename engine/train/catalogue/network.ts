import { randomStream } from "#engine/evaluate/statistics/random.ts";
import { makeInt, makeInts, makeNode } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { sizeOf } from "../autodiff/operand.ts";

/** A value of the network under construction: its name, and its shape without the batch. */
export interface Signal {
  readonly name: string;
  readonly dims: readonly number[];
}

/** Name of the batch dimension in models of the catalogue. */
const batch = "batch";
const opset = 18;
const irVersion = 8;

/**
 * Writes an architecture as ONNX, layer by layer, with weights that follow from a seed: matrices and kernels uniform in
 * ±√(6 / (fan-in + fan-out)) (Glorot and Bengio 2010), biases zero.
 */
export class Network {
  readonly #nodes: Node[] = [];
  readonly #initializers: Tensor[] = [];
  readonly #random;
  #count = 0;

  constructor(seed: number) {
    this.#random = randomStream(seed);
  }

  input(name: string, dims: readonly number[]): Signal {
    return { name, dims };
  }

  /** A fully connected layer on vectors. */
  dense(x: Signal, name: string, outputs: number): Signal {
    const [inputs = 1] = x.dims;
    const weight = this.#weight(`${name}.weight`, [outputs, inputs], inputs, outputs);
    const bias = this.#zeros(`${name}.bias`, [outputs]);
    return this.#node("Gemm", [x.name, weight, bias], name, [outputs], [makeInt("transB", 1)]);
  }

  /** A convolution of images [channels, height, width] with square kernels. */
  conv(
    x: Signal,
    name: string,
    outputs: number,
    kernel: number,
    { stride = 1, pad = 0 }: { readonly stride?: number; readonly pad?: number } = {},
  ): Signal {
    const [inputs = 1, ...size] = x.dims;
    const area = kernel * kernel;
    const dims = [outputs, inputs, kernel, kernel];
    const weight = this.#weight(`${name}.weight`, dims, inputs * area, outputs * area);
    const bias = this.#zeros(`${name}.bias`, [outputs]);
    const made = size.map((side) => Math.floor((side + 2 * pad - kernel) / stride) + 1);
    return this.#node(
      "Conv",
      [x.name, weight, bias],
      name,
      [outputs, ...made],
      [
        makeInts("kernel_shape", [kernel, kernel]),
        makeInts("strides", [stride, stride]),
        makeInts("pads", [pad, pad, pad, pad]),
      ],
    );
  }

  maxPool(x: Signal, name: string, kernel: number, stride = kernel): Signal {
    const [channels = 1, ...size] = x.dims;
    const made = size.map((side) => Math.floor((side - kernel) / stride) + 1);
    return this.#node(
      "MaxPool",
      [x.name],
      name,
      [channels, ...made],
      [makeInts("kernel_shape", [kernel, kernel]), makeInts("strides", [stride, stride])],
    );
  }

  relu(x: Signal): Signal {
    return this.#node("Relu", [x.name], `${x.name}.relu`, x.dims);
  }

  flatten(x: Signal): Signal {
    return this.#node("Flatten", [x.name], `${x.name}.flat`, [sizeOf(x.dims)], [makeInt("axis", 1)]);
  }

  /** The model that computes `output`, which is named anew. */
  finish(name: string, inputs: readonly Signal[], output: Signal, outputName: string): Model {
    for (const node of this.#nodes)
      node.output = node.output.map((made) => (made === output.name ? outputName : made));
    return makeModel(
      makeGraph({
        name,
        node: this.#nodes,
        input: inputs.map(({ name: input, dims }) => makeValue(input, "float32", [batch, ...dims])),
        output: [makeValue(outputName, "float32", [batch, ...output.dims])],
        initializer: this.#initializers,
      }),
      { opset, irVersion },
    );
  }

  #node(
    opType: string,
    inputs: string[],
    name: string,
    dims: readonly number[],
    attribute: Attribute[] = [],
  ): Signal {
    this.#nodes.push(makeNode(opType, inputs, [name], { name: `${opType}_${this.#count++}`, attribute }));
    return { name, dims };
  }

  #weight(name: string, dims: number[], fanIn: number, fanOut: number): string {
    const bound = Math.sqrt(6 / (fanIn + fanOut));
    const values = Float32Array.from(
      { length: sizeOf(dims) },
      () => (2 * this.#random.uniform() - 1) * bound,
    );
    this.#initializers.push(makeTensor(name, "float32", dims, values));
    return name;
  }

  #zeros(name: string, dims: number[]): string {
    this.#initializers.push(makeTensor(name, "float32", dims, new Float32Array(sizeOf(dims))));
    return name;
  }
}
