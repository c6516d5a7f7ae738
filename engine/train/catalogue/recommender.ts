import { makeInt } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { ArchitectureOf } from "./architecture.schema.ts";
import { add, dense, embed, relu } from "./layers.ts";
import { Network, type Seed, type Signal } from "./network.ts";

/** score = ⟨user, item⟩ + bias of the user + bias of the item. */
export function matrixFactorization(
  { users, items, width }: ArchitectureOf<"matrix-factorization">,
  seed: Seed,
): Model {
  const net = new Network(seed);
  const [user, item] = [net.input("user", [], "int64"), net.input("item", [], "int64")];
  const product = net.node(
    "Mul",
    [
      embed(net, user, "user.vector", users, width, 0.1).name,
      embed(net, item, "item.vector", items, width, 0.1).name,
    ],
    "products",
    [width],
  );
  const sides = add(
    net,
    embed(net, user, "user.bias", users, 1, 0),
    embed(net, item, "item.bias", items, 1, 0),
    "biases",
  );
  return net.finish(
    "matrix-factorization",
    [user, item],
    add(net, total(net, product), sides, "sum"),
    "score",
  );
}

/** score = ⟨f(user), g(item)⟩, where f and g are perceptrons on embeddings. */
export function twoTower({ users, items, width, hidden }: ArchitectureOf<"two-tower">, seed: Seed): Model {
  const net = new Network(seed);
  const [user, item] = [net.input("user", [], "int64"), net.input("item", [], "int64")];
  const left = tower(net, embed(net, user, "user.vector", users, width, 0.1), "user", hidden, width);
  const right = tower(net, embed(net, item, "item.vector", items, width, 0.1), "item", hidden, width);
  const product = net.node("Mul", [left.name, right.name], "products", [width]);
  return net.finish("two-tower", [user, item], total(net, product), "score");
}

function tower(net: Network, x: Signal, name: string, hidden: readonly number[], width: number): Signal {
  let signal = x;
  hidden.forEach((size, at) => {
    signal = relu(net, dense(net, signal, `${name}.dense${at + 1}`, size));
  });
  return dense(net, signal, `${name}.dense${hidden.length + 1}`, width);
}

function total(net: Network, x: Signal): Signal {
  const axes = net.ints(`${x.name}.axes`, [1]);
  return net.node("ReduceSum", [x.name, axes], `${x.name}.sum`, [1], [makeInt("keepdims", 1)]);
}
