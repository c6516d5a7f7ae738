import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { ArchitectureOf } from "./architecture.schema.ts";
import { dense, embed, relu, transpose } from "./layers.ts";
import { Network, type Seed, type Signal } from "./network.ts";

/** Convolutions over the words of a text, one for each width of kernel; each keeps the largest value over the positions. */
export function textCnn(
  { vocabulary, length, outputs, width, filters, kernels }: ArchitectureOf<"text-cnn">,
  seed: Seed,
): Model {
  const net = new Network(seed);
  const ids = net.input("tokens", [length], "int64");
  const words = embed(net, ids, "embedding", vocabulary, width, 0.1);
  const channels = transpose(net, words, [0, 2, 1], "channels");
  const found = kernels.map((kernel, at) => strongest(net, channels, `conv${at + 1}`, filters, kernel));
  const all = net.node(
    "Concat",
    found.map(({ name }) => name),
    "features",
    [filters * kernels.length],
    [makeInt("axis", 1)],
  );
  return net.finish("text-cnn", [ids], dense(net, all, "head", outputs), "logits");
}

function strongest(net: Network, x: Signal, name: string, filters: number, kernel: number): Signal {
  const [width = 1, length = 1] = x.dims;
  const weight = net.weight(`${name}.weight`, [filters, width, kernel], width * kernel, filters * kernel);
  const bias = net.constant(`${name}.bias`, [filters], 0);
  const made = net.node(
    "Conv",
    [x.name, weight, bias],
    name,
    [filters, length - kernel + 1],
    [makeInts("kernel_shape", [kernel])],
  );
  const axes = net.ints(`${name}.axes`, [2]);
  return net.node(
    "ReduceMax",
    [relu(net, made).name, axes],
    `${name}.max`,
    [filters],
    [makeInt("keepdims", 0)],
  );
}
