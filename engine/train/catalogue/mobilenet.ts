import type { Model } from "#engine/onnx/model.ts";
import type { ArchitectureOf } from "./architecture.schema.ts";
import { batchNorm, channelMeans, conv, dense, relu } from "./layers.ts";
import { Network, type Seed, type Signal } from "./network.ts";

/**
 * Depthwise separable convolutions: every second block halves the size and doubles the channels. Each block is a kernel
 * of 3 × 3 for each channel alone, and one of 1 × 1 across them.
 */
export function mobilenet({ input, outputs, width, blocks }: ArchitectureOf<"mobilenet">, seed: Seed): Model {
  const net = new Network(seed);
  const x = net.input("input", input);
  const stem = conv(net, x, "stem.conv", width, 3, { stride: 2, pad: 1, bias: false });
  let signal = relu(net, batchNorm(net, stem, "stem.norm"));
  let channels = width;
  for (let block = 0; block < blocks; block++) {
    const stride = block % 2 === 1 ? 2 : 1;
    channels *= stride;
    signal = separable(net, signal, `block${block + 1}`, channels, stride);
  }
  const output = dense(net, channelMeans(net, signal, "means"), "head", outputs);
  return net.finish("mobilenet", [x], output, "logits");
}

function separable(net: Network, x: Signal, name: string, outputs: number, stride: number): Signal {
  const [channels = 1] = x.dims;
  const depth = conv(net, x, `${name}.depth`, channels, 3, { stride, pad: 1, group: channels, bias: false });
  const inner = relu(net, batchNorm(net, depth, `${name}.depth.norm`));
  const point = conv(net, inner, `${name}.point`, outputs, 1, { bias: false });
  return relu(net, batchNorm(net, point, `${name}.point.norm`));
}
