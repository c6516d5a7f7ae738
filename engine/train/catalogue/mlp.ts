import type { Model } from "#engine/onnx/model.ts";
import { sizeOf } from "../autodiff/operand.ts";
import type { ArchitectureOf } from "./architecture.schema.ts";
import { dense, flatten, relu } from "./layers.ts";
import { Network, type Seed } from "./network.ts";

/** A multilayer perceptron. With hidden layers of 300 and 100 on 784 pixels it is LeNet-300-100 (LeCun et al. 1998). */
export function mlp({ input, hidden, outputs }: ArchitectureOf<"mlp">, seed: Seed): Model {
  const net = new Network(seed);
  const x = net.input("input", input);
  let signal = input.length > 1 ? flatten(net, x) : x;
  hidden.forEach((width, at) => {
    signal = relu(net, dense(net, signal, `dense${at + 1}`, width));
  });
  const output = dense(net, signal, `dense${hidden.length + 1}`, outputs);
  return net.finish(`mlp-${[sizeOf(input), ...hidden, outputs].join("-")}`, [x], output, "logits");
}
