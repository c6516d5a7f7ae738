import type { Model } from "#engine/onnx/model.ts";
import type { ArchitectureOf } from "./architecture.schema.ts";
import { conv, dense, flatten, maxPool, relu } from "./layers.ts";
import { Network, type Seed } from "./network.ts";

/**
 * LeNet-5 in the form of Caffe's examples, which Deep Compression is about: 20 and 50 kernels of 5 × 5, each followed by
 * the largest of 2 × 2, then 500 units. On images of 28 × 28 it has 431,080 parameters.
 */
export function leNet5({ input, outputs }: ArchitectureOf<"lenet-5">, seed: Seed): Model {
  const net = new Network(seed);
  const x = net.input("input", input);
  const first = maxPool(net, conv(net, x, "conv1", 20, 5), "pool1", 2);
  const second = maxPool(net, conv(net, first, "conv2", 50, 5), "pool2", 2);
  const hidden = relu(net, dense(net, flatten(net, second), "dense1", 500));
  return net.finish("lenet-5", [x], dense(net, hidden, "dense2", outputs), "logits");
}
