import type { Model } from "#engine/onnx/model.ts";
import { Network } from "./network.ts";

export interface LeNet5Spec {
  /** Channels, height and width of an image; 16 × 16 is the least. */
  readonly input: readonly [number, number, number];
  readonly outputs: number;
}

/**
 * LeNet-5 in the form of Caffe's examples, which Deep Compression is about: 20 and 50 kernels of 5 × 5, each followed by
 * the largest of 2 × 2, then 500 units. On images of 28 × 28 it has 431,080 parameters.
 */
export function leNet5({ input, outputs }: LeNet5Spec, seed: number): Model {
  const network = new Network(seed);
  const x = network.input("input", input);
  const first = network.maxPool(network.conv(x, "conv1", 20, 5), "pool1", 2);
  const second = network.maxPool(network.conv(first, "conv2", 50, 5), "pool2", 2);
  const hidden = network.relu(network.dense(network.flatten(second), "dense1", 500));
  return network.finish("lenet-5", [x], network.dense(hidden, "dense2", outputs), "logits");
}
