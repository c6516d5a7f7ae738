import type { Model } from "#engine/onnx/model.ts";
import { sizeOf } from "../autodiff/operand.ts";
import { Network } from "./network.ts";

export interface MlpSpec {
  /** Shape of an item; images are flattened. */
  readonly input: readonly number[];
  /** Widths of the hidden layers, each with a Relu. */
  readonly hidden: readonly number[];
  readonly outputs: number;
}

/** A multilayer perceptron. With hidden layers of 300 and 100 on 784 pixels it is LeNet-300-100 (LeCun et al. 1998). */
export function mlp({ input, hidden, outputs }: MlpSpec, seed: number): Model {
  const network = new Network(seed);
  const x = network.input("input", input);
  let signal = input.length > 1 ? network.flatten(x) : x;
  hidden.forEach((width, at) => {
    signal = network.relu(network.dense(signal, `dense${at + 1}`, width));
  });
  const output = network.dense(signal, `dense${hidden.length + 1}`, outputs);
  return network.finish(`mlp-${[sizeOf(input), ...hidden, outputs].join("-")}`, [x], output, "logits");
}
