import { makeInt } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import type { ArchitectureOf } from "./architecture.schema.ts";
import { add, dense, embed, gelu, layerNorm, project, reshape, transpose } from "./layers.ts";
import { Network, type Seed, type Signal } from "./network.ts";

/** Times the width of the model: the inner width of the feed-forward layers. */
const expansion = 4;

/** An encoder with learned positions. Each layer normalises what goes into its attention and its perceptron. */
export function transformer(
  { vocabulary, length, outputs, width, heads, layers }: ArchitectureOf<"transformer">,
  seed: Seed,
): Model {
  const net = new Network(seed);
  const ids = net.input("tokens", [length], "int64");
  const words = embed(net, ids, "embedding", vocabulary, width);
  const positions = net.table("positions", length, width, 0.02);
  let signal = net.node("Add", [words.name, positions], "placed", words.dims);
  for (let at = 1; at <= layers; at++) signal = layer(net, signal, `layer${at}`, heads);
  const final = layerNorm(net, signal, "final");
  const axes = net.ints("positions.axes", [1]);
  const mean = net.node("ReduceMean", [final.name, axes], "mean", [width], [makeInt("keepdims", 0)]);
  return net.finish("transformer", [ids], dense(net, mean, "head", outputs), "logits");
}

function layer(net: Network, x: Signal, name: string, heads: number): Signal {
  const attended = attention(net, layerNorm(net, x, `${name}.norm1`), `${name}.attention`, heads);
  const middle = add(net, x, attended, `${name}.middle`);
  const width = x.dims.at(-1) ?? 1;
  const inner = gelu(
    net,
    project(net, layerNorm(net, middle, `${name}.norm2`), `${name}.up`, expansion * width),
  );
  return add(net, middle, project(net, inner, `${name}.down`, width), `${name}.out`);
}

/** Scaled dot products of queries and keys weigh the values, head by head. */
function attention(net: Network, x: Signal, name: string, heads: number): Signal {
  const [length = 1, width = 1] = x.dims;
  const each = width / heads;
  const split = (part: string, perm: readonly number[]) => {
    const made = project(net, x, `${name}.${part}`, width);
    const cut = reshape(net, made, [length, heads, each], `${name}.${part}.heads`);
    return transpose(net, cut, perm, `${name}.${part}.turned`);
  };
  const [query, key, value] = [
    split("query", [0, 2, 1, 3]),
    split("key", [0, 2, 3, 1]),
    split("value", [0, 2, 1, 3]),
  ];
  const dims = [heads, length, length];
  const products = net.node("MatMul", [query.name, key.name], `${name}.products`, dims);
  const scale = net.constant(`${name}.scale`, [], 1 / Math.sqrt(each));
  const scaled = net.node("Mul", [products.name, scale], `${name}.scaled`, dims);
  const weights = net.node("Softmax", [scaled.name], `${name}.weights`, dims, [makeInt("axis", -1)]);
  const mixed = net.node("MatMul", [weights.name, value.name], `${name}.mixed`, [heads, length, each]);
  const joined = reshape(
    net,
    transpose(net, mixed, [0, 2, 1, 3], `${name}.back`),
    [length, width],
    `${name}.joined`,
  );
  return project(net, joined, `${name}.output`, width);
}
