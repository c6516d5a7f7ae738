import type { Graph, Model, Node, Tensor } from "#engine/onnx/model.ts";

/** Choices of a mutation: a number from 0 to below `limit`, each call another one. */
export type Choose = (limit: number) => number;

/** Changes a model in place, in a way that keeps it a file that can be written. */
export type Mutation = (model: Model, choose: Choose) => void;

export function pick<T>(list: readonly T[], choose: Choose): T | undefined {
  return list[choose(Math.max(1, list.length))];
}

/** Every graph of the model with its subgraphs. */
export function graphsOf(model: Model): Graph[] {
  const found: Graph[] = [];
  const add = (body: Graph) => {
    found.push(body);
    for (const { attribute } of body.node) {
      for (const { g, graphs } of attribute)
        for (const inner of [...(g ? [g] : []), ...(graphs ?? [])]) add(inner);
    }
  };
  add(model.graph);
  return found;
}

export function nodesOf(model: Model): Node[] {
  return [
    ...graphsOf(model).flatMap((body) => body.node),
    ...(model.functions ?? []).flatMap((body) => body.node),
  ];
}

export function tensorsOf(model: Model): Tensor[] {
  const constants = nodesOf(model).flatMap(({ attribute }) => attribute.flatMap(({ t }) => (t ? [t] : [])));
  return [...graphsOf(model).flatMap((body) => body.initializer), ...constants];
}

/** A name that the model has, or one that it does not have, or one that objects have. */
export function anyName(model: Model, choose: Choose): string {
  const names = nodesOf(model).flatMap(({ input, output }) => [...input, ...output]);
  const odd = [
    "",
    "nowhere",
    "__proto__",
    "constructor",
    "toString",
    "a\u0000b",
    "\u202egnp.exe",
    "x".repeat(5000),
  ];
  return (choose(3) === 0 ? pick(odd, choose) : pick(names, choose)) ?? "nowhere";
}

export const oddNumbers = [
  -1,
  0,
  1,
  2,
  -(2 ** 31),
  2 ** 31,
  2 ** 32,
  2 ** 40,
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
];
export const oddInts = [0n, 1n, -1n, 7n, 2n ** 31n, -(2n ** 31n), 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)];
export const odd = (choose: Choose) => pick(oddNumbers, choose) ?? 0;

export type Mutations = Readonly<Record<string, Mutation>>;
