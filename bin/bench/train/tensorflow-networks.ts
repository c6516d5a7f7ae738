import * as tf from "@tensorflow/tfjs";
import type { Architecture, ArchitectureOf } from "#engine/train/catalogue/architecture.schema.ts";

export interface TensorFlowNetwork {
  readonly variables: tf.Variable[];
  forward(inputs: readonly tf.Tensor[]): tf.Tensor;
}

/** The architectures that are timed, in TensorFlow.js. */
export function forwardOf(spec: Architecture): TensorFlowNetwork {
  const net = new Layers();
  switch (spec.kind) {
    case "mlp":
      return { variables: net.variables, forward: mlp(net, spec) };
    case "lenet-5":
      return { variables: net.variables, forward: leNet5(net, spec) };
    case "transformer":
      return { variables: net.variables, forward: transformer(net, spec) };
    case "two-tower":
      return { variables: net.variables, forward: twoTower(net, spec) };
    default:
      throw new Error(`${spec.kind} is not timed`);
  }
}

type Layer = (x: tf.Tensor) => tf.Tensor;

class Layers {
  readonly variables: tf.Variable[] = [];

  variable(shape: number[], scale: number): tf.Variable {
    const made = tf.variable(scale === 0 ? tf.zeros(shape) : tf.randomNormal(shape, 0, scale, "float32", 1));
    this.variables.push(made);
    return made;
  }

  /** On the last axis. */
  dense(inputs: number, outputs: number): Layer {
    const [weight, bias] = [this.variable([inputs, outputs], 0.05), this.variable([outputs], 0)];
    return (x) => {
      const flat = tf.reshape(x, [-1, inputs]) as tf.Tensor2D;
      const product = tf.matMul(flat, weight as unknown as tf.Tensor2D);
      return tf.reshape(tf.add(product, bias), [...x.shape.slice(0, -1), outputs]);
    };
  }

  conv(inputs: number, outputs: number, kernel: number): Layer {
    const weight = this.variable([kernel, kernel, inputs, outputs], 0.05);
    const bias = this.variable([outputs], 0);
    return (x) => tf.add(tf.conv2d(x as tf.Tensor4D, weight as unknown as tf.Tensor4D, 1, "valid"), bias);
  }

  norm(width: number): Layer {
    const [scale, bias] = [tf.variable(tf.ones([width])), this.variable([width], 0)];
    this.variables.push(scale);
    return (x) => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const variance = tf.mean(tf.square(centred), -1, true);
      return tf.add(tf.mul(tf.div(centred, tf.sqrt(tf.add(variance, 1e-5))), scale), bias);
    };
  }

  table(rows: number, width: number): Layer {
    const table = this.variable([rows, width], 0.02);
    return (ids) => tf.gather(table, ids as tf.Tensor1D);
  }
}

function mlp(net: Layers, { input, hidden, outputs }: ArchitectureOf<"mlp">) {
  const widths = [input.reduce((a, b) => a * b, 1), ...hidden, outputs];
  const layers = widths.slice(1).map((width, at) => net.dense(widths[at] ?? 1, width));
  return ([x]: readonly tf.Tensor[]) =>
    layers.reduce<tf.Tensor>(
      (signal, layer, at) => (at === 0 ? layer(signal) : layer(tf.relu(signal))),
      x as tf.Tensor,
    );
}

function leNet5(net: Layers, { input: [channels, height, width], outputs }: ArchitectureOf<"lenet-5">) {
  const [first, second] = [net.conv(channels, 20, 5), net.conv(20, 50, 5)];
  const side = (size: number) => Math.floor((Math.floor((size - 4) / 2) - 4) / 2);
  const flat = side(height) * side(width) * 50;
  const [hidden, head] = [net.dense(flat, 500), net.dense(500, outputs)];
  const pool = (x: tf.Tensor) => tf.maxPool(x as tf.Tensor4D, 2, 2, "valid");
  return ([x]: readonly tf.Tensor[]) => {
    const image = tf.reshape(x as tf.Tensor, [-1, height, width, channels]);
    const features = pool(second(pool(first(image))));
    return head(tf.relu(hidden(tf.reshape(features, [-1, flat]))));
  };
}

function transformer(
  net: Layers,
  { vocabulary, length, outputs, width, heads, layers }: ArchitectureOf<"transformer">,
) {
  const embedding = net.table(vocabulary, width);
  const positions = net.variable([length, width], 0.02);
  const each = width / heads;
  const blocks = Array.from({ length: layers }, () => ({
    norms: [net.norm(width), net.norm(width)] as const,
    parts: [net.dense(width, width), net.dense(width, width), net.dense(width, width)] as const,
    output: net.dense(width, width),
    up: net.dense(width, 4 * width),
    down: net.dense(4 * width, width),
  }));
  const [final, head] = [net.norm(width), net.dense(width, outputs)];
  const split = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [-1, length, heads, each]), [0, 2, 1, 3]);
  const gelu = (x: tf.Tensor) => tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.div(x, Math.SQRT2)), 1));
  return ([ids]: readonly tf.Tensor[]) => {
    let signal: tf.Tensor = tf.add(embedding(ids as tf.Tensor), positions);
    for (const { norms, parts, output, up, down } of blocks) {
      const normed = norms[0](signal);
      const [query, key, value] = parts.map((part) => split(part(normed)));
      const products = tf.matMul(query as tf.Tensor, key as tf.Tensor, false, true);
      const weights = tf.softmax(tf.mul(products, 1 / Math.sqrt(each)));
      const mixed = tf.transpose(tf.matMul(weights, value as tf.Tensor), [0, 2, 1, 3]);
      signal = tf.add(signal, output(tf.reshape(mixed, [-1, length, width])));
      signal = tf.add(signal, down(gelu(up(norms[1](signal)))));
    }
    return head(tf.mean(final(signal), 1));
  };
}

function twoTower(net: Layers, { users, items, width, hidden }: ArchitectureOf<"two-tower">) {
  const tower = (rows: number) => {
    const table = net.table(rows, width);
    const widths = [width, ...hidden, width];
    const layers = widths.slice(1).map((size, at) => net.dense(widths[at] ?? 1, size));
    return (ids: tf.Tensor) =>
      layers.reduce<tf.Tensor>(
        (signal, layer, at) => (at === 0 ? layer(signal) : layer(tf.relu(signal))),
        table(ids),
      );
  };
  const [left, right] = [tower(users), tower(items)];
  return ([user, item]: readonly tf.Tensor[]) =>
    tf.sum(tf.mul(left(user as tf.Tensor), right(item as tf.Tensor)), 1, true);
}
