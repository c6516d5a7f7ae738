import { uniqueNames } from "#engine/graph/names.ts";
import { makeInt, makeNode } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { fullRange } from "#engine/passes/quantization/range.ts";
import { channelDims, fakeQuantization, isFakeQuantize } from "./fake-quantize.ts";

/**
 * Writes the fake quantisation of the main graph with the operators of ONNX: QuantizeLinear and DequantizeLinear. They
 * round half to even and clip as the exported model does, to the bit.
 *
 * @param model changed in place; opset 13 or later
 * @param rankOf the number of axes of a value
 */
export function lowerFakeQuantize(model: Model, rankOf: (name: string) => number): void {
  const { graph } = model;
  if (!graph.node.some(isFakeQuantize)) return;
  const lowering = new Lowering(uniqueNames(model), rankOf);
  graph.node = graph.node.flatMap((node) => (isFakeQuantize(node) ? lowering.nodes(node) : [node]));
  graph.initializer = [...graph.initializer, ...lowering.initializers];
}

class Lowering {
  readonly initializers: Tensor[] = [];
  readonly #unique: (wanted: string) => string;
  readonly #rankOf: (name: string) => number;

  constructor(unique: (wanted: string) => string, rankOf: (name: string) => number) {
    this.#unique = unique;
    this.#rankOf = rankOf;
  }

  #store(tensor: Tensor, wanted: string): string {
    const name = this.#unique(wanted);
    this.initializers.push({ ...tensor, name });
    return name;
  }

  nodes(node: Node): Node[] {
    const [input = "", factor = ""] = node.input;
    const [output = ""] = node.output;
    const { type, scales, zeroPoints, axis } = fakeQuantization(node);
    const dims = axis === undefined ? [] : [scales.length];
    const zeros = (type === "int8" ? Int8Array : Uint8Array).from(zeroPoints);
    const base = this.#store(makeTensor("", "float32", dims, scales), `${output}_base`);
    const zero = this.#store(makeTensor("", type, dims, zeros), `${output}_zero`);
    const nodes: Node[] = [];
    const push = (opType: string, inputs: string[], made: string, attribute = axisOf(undefined)) => {
      nodes.push(makeNode(opType, inputs, [made], { name: this.#unique(`${made}_${opType}`), attribute }));
      return made;
    };
    const scaled = factor === "" ? base : push("Mul", [base, factor], this.#unique(`${output}_step`));
    const clipped = this.#clipped(node, input, scaled, push);
    const integers = push(
      "QuantizeLinear",
      [clipped, scaled, zero],
      this.#unique(`${output}_integers`),
      axisOf(axis),
    );
    push("DequantizeLinear", [integers, scaled, zero], output, axisOf(axis));
    return nodes;
  }

  /** What QuantizeLinear does not clip by itself, where not all integers of the type are in use. */
  #clipped(
    node: Node,
    input: string,
    scale: string,
    push: (opType: string, inputs: string[], made: string) => string,
  ): string {
    const { axis, least, most, scales, zeroPoints, type } = fakeQuantization(node);
    const { min, max } = fullRange(type);
    if (least <= min && most >= max) return input;
    const dims = channelDims(this.#rankOf(input), axis, scales.length);
    const bound = (integer: number, word: string) => {
      const steps = Float32Array.from(zeroPoints, (zero) => integer - zero);
      const name = this.#store(
        makeTensor("", "float32", axis === undefined ? [] : [steps.length], steps),
        `${input}_${word}`,
      );
      const product = push("Mul", [scale, name], this.#unique(`${input}_${word}`));
      if (axis === undefined) return product;
      const shape = this.#store(
        makeTensor("", "int64", [dims.length], BigInt64Array.from(dims, BigInt)),
        `${input}_dims`,
      );
      return push("Reshape", [product, shape], this.#unique(`${input}_${word}`));
    };
    const raised = push("Max", [input, bound(least, "least")], this.#unique(`${input}_raised`));
    return push("Min", [raised, bound(most, "most")], this.#unique(`${input}_clipped`));
  }
}

const axisOf = (axis: number | undefined) => (axis === undefined ? [] : [makeInt("axis", axis)]);
