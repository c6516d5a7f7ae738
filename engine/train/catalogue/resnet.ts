import type { Model } from "#engine/onnx/model.ts";
import type { ArchitectureOf } from "./architecture.schema.ts";
import { add, batchNorm, channelMeans, conv, dense, relu } from "./layers.ts";
import { Network, type Seed, type Signal } from "./network.ts";

const stages = 3;

/**
 * A residual network in three stages, each of twice the channels and half the size of the one before: 6 · blocks + 2 layers
 * with weights (He et al. 2016). Where shapes change, the shortcut is a convolution of 1 × 1.
 */
export function resnet({ input, outputs, width, blocks }: ArchitectureOf<"resnet">, seed: Seed): Model {
  const net = new Network(seed);
  const x = net.input("input", input);
  let signal = normalised(net, x, "stem", width, 3, 1);
  signal = relu(net, signal);
  for (let stage = 0; stage < stages; stage++) {
    for (let block = 0; block < blocks; block++) {
      const stride = stage > 0 && block === 0 ? 2 : 1;
      signal = residual(net, signal, `stage${stage + 1}.block${block + 1}`, width * 2 ** stage, stride);
    }
  }
  const output = dense(net, channelMeans(net, signal, "means"), "head", outputs);
  return net.finish(`resnet-${2 * stages * blocks + 2}`, [x], output, "logits");
}

function residual(net: Network, x: Signal, name: string, width: number, stride: number): Signal {
  const inner = relu(net, normalised(net, x, `${name}.first`, width, 3, stride));
  const branch = normalised(net, inner, `${name}.second`, width, 3, 1);
  const fits = stride === 1 && x.dims[0] === width;
  const shortcut = fits ? x : normalised(net, x, `${name}.shortcut`, width, 1, stride);
  return relu(net, add(net, branch, shortcut, `${name}.sum`));
}

function normalised(
  net: Network,
  x: Signal,
  name: string,
  width: number,
  kernel: number,
  stride: number,
): Signal {
  const pad = (kernel - 1) / 2;
  return batchNorm(
    net,
    conv(net, x, `${name}.conv`, width, kernel, { stride, pad, bias: false }),
    `${name}.norm`,
  );
}
