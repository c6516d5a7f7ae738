import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { indexModel } from "#engine/graph/index.ts";
import { makeFloat, makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { floats, graph, graphAttribute, int64s, model, node, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { any } from "./testing/cases.ts";
import { simplified } from "./testing/run.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const channels = 4;
const side = 5;

/** Layers over [1, channels, side, side]; what they add stands in `tensors`. */
const layers: Record<string, (from: string, out: string, share: number, use: Use) => Node[]> = {
  conv: (from, out, share, use) => [
    node(
      "Conv",
      [from, use(`c${share}`, [channels, channels, 3, 3])],
      [out],
      [makeInts("pads", [1, 1, 1, 1])],
    ),
  ],
  depthwise: (from, out, share, use) => [
    node(
      "Conv",
      [from, use(`d${share}`, [channels, 1, 1, 1]), use(`b${share}`, [channels])],
      [out],
      [makeInt("group", channels)],
    ),
  ],
  norm: (from, out, share, use) => [
    node(
      "BatchNormalization",
      [
        from,
        use(`b${share}`, [channels]),
        use(`b${1 - share}`, [channels]),
        use("m", [channels]),
        use("v", [channels], true),
      ],
      [out],
      [makeFloat("epsilon", 0.01)],
    ),
  ],
  deconv: (from, out, share, use) => [
    node("ConvTranspose", [from, use(`e${share}`, [channels, channels, 1, 1])], [out]),
  ],
  tanh: (from, out) => [node("Tanh", [from], [out])],
  identity: (from, out) => [node("Identity", [from], [out])],
  dropout: (from, out) => [node("Dropout", [from], [out, `${out}_mask`])],
  transposes: (from, out) => [
    node("Transpose", [from], [`${out}_t`], [makeInts("perm", [0, 2, 3, 1])]),
    node("Transpose", [`${out}_t`], [out], [makeInts("perm", [0, 3, 1, 2])]),
  ],
  turned: (from, out) => [node("Transpose", [from], [out], [makeInts("perm", [0, 1, 3, 2])])],
  plusZero: (from, out, _, use) => [node("Add", [from, use("zero", [1])], [out])],
  twice: (from, out) => [
    node("Sigmoid", [from], [`${out}_a`]),
    node("Sigmoid", [from], [`${out}_b`]),
    node("Mul", [`${out}_a`, `${out}_b`], [out]),
  ],
  product: (from, out, share, use) => [
    node("Reshape", [from, use("rows", [2])], [`${out}_r`]),
    node("MatMul", [`${out}_r`, use(`w${share}`, [side, side])], [`${out}_m`]),
    node("Add", [`${out}_m`, use(`k${share}`, [side])], [`${out}_s`]),
    node("Shape", [from], [`${out}_shape`]),
    node("Reshape", [`${out}_s`, `${out}_shape`], [out]),
  ],
  constants: (from, out, share, use) => [
    node("Exp", [use(`k${share}`, [side])], [`${out}_e`]),
    node("Add", [from, `${out}_e`], [out]),
  ],
  unused: (from, out, share, use) => [
    node("Mul", [from, use(`k${share}`, [side])], [`${out}_u`]),
    node("Abs", [from], [out]),
  ],
  residual: (from, out) => [node("Add", [from, "x"], [out])],
  branches: (from, out, share, use) => {
    const branch = (name: string, ...inner: Node[]) =>
      graph({ name, node: inner, output: [any(inner.at(-1)?.output[0] ?? "")] });
    const yes = branch(
      `${out}_yes`,
      node("Identity", [from], [`${out}_i`]),
      node("Conv", [`${out}_i`, use(`e${share}`, [channels, channels, 1, 1])], [`${out}_c`]),
      node("Identity", [`${out}_c`], [`${out}_y`]),
    );
    const no = branch(`${out}_no`, node("Identity", [from], [`${out}_n`]));
    return [
      node("If", ["choice"], [out], [graphAttribute("then_branch", yes), graphAttribute("else_branch", no)]),
    ];
  },
};

type Use = (name: string, dims: number[], positive?: boolean) => string;

function network(chosen: readonly { kind: string; share: number }[]): Model {
  const tensors = new Map<string, Tensor>([
    ["zero", floats("zero", [1], [0])],
    ["rows", int64s("rows", [-1, side])],
  ]);
  const use: Use = (name, dims, positive) => {
    if (positive)
      tensors.set(
        name,
        floats(
          name,
          dims,
          dims.flatMap((dim) => Array.from({ length: dim }, (_, at) => 0.5 + at)),
        ),
      );
    else if (!tensors.has(name)) tensors.set(name, weight(name, dims, tensors.size + 3, 0.5));
    return name;
  };
  const nodes: Node[] = [];
  let last = "x";
  chosen.forEach(({ kind, share }, at) => {
    const out = at === chosen.length - 1 ? "y" : `v${at}`;
    nodes.push(...(layers[kind]?.(last, out, share, use) ?? []));
    last = out;
  });
  const shape = [1, channels, side, side];
  return model(
    graph({
      input: [value("x", shape), value("choice", [], "bool")],
      output: [value("y", shape)],
      node: nodes,
      initializer: [...tensors.values()],
    }),
  );
}

const layer = fc.record({ kind: fc.constantFrom(...Object.keys(layers)), share: fc.nat(1) });
const networks = fc.array(layer, { minLength: 1, maxLength: 9 }).map(network);
const countNodes = (source: Model) =>
  indexModel(source).scopes.reduce((sum, { body }) => sum + body.node.length, 0);

describe("any network", () => {
  it("computes the same with no more nodes, and cannot be simplified twice", {
    timeout: 60_000,
  }, async () => {
    let worst = 0;
    await fc.assert(
      fc.asyncProperty(networks, fc.nat(1000), fc.boolean(), async (source, seed, runtime) => {
        const { model: changed, result } = await simplified(source, {}, { runtime });
        if (result.changed.length === 0) return;
        expect(countNodes(changed)).toBeLessThanOrEqual(countNodes(source));
        expect((await simplified(changed, {}, { runtime })).result.changed).toEqual([]);
        const { error, outputs } = await comparer.compare(source, changed, { seed });
        expect(error).toBeUndefined();
        expect(outputs).toHaveLength(1);
        for (const { maxAbs, rms, finite } of outputs) {
          expect(finite).toBe(true);
          expect(maxAbs).toBeLessThanOrEqual(1e-5 * Math.max(rms, 1e-3));
          worst = Math.max(worst, maxAbs / rms);
        }
      }),
      { numRuns: 250 },
    );
    console.log(
      `simplified random networks differ by at most ${worst.toExponential(1)} of their outputs' scale`,
    );
  });
});
