import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model, Node, Tensor } from "#engine/onnx/model.ts";
import { microsoftDomain } from "../domains.ts";
import { silent } from "../pass.ts";
import { pruneStructuredSchema } from "../prune.structured.schema.ts";
import { pruneStructured } from "../prune.structured.ts";
import { floats, graph, int64s, model, node, value, weight } from "../testing/build.ts";
import { Comparer } from "../testing/compare.ts";
import { pruneExactly } from "../testing/structured.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

interface Shape {
  readonly heads: number;
  readonly dim: number;
  /** One product for queries, keys and values that is split, instead of three. */
  readonly packed: boolean;
  /** Sizes computed from the input, as exporters do for a batch that is not fixed. */
  readonly dynamic: boolean;
  readonly layers: number;
}

/** Pre-norm transformer layers as PyTorch exports them, on x [batch, sequence, 6]. */
function transformer({ heads, dim, packed, dynamic, layers }: Shape): Model {
  const width = 6;
  const inner = heads * dim;
  const nodes: Node[] = [];
  const tensors: Tensor[] = [int64s("one", [1]), int64s("zero", [0]), floats("scale", [], [dim ** -0.5])];
  const constant = (dims: number[]) => {
    tensors.push(weight(`w${tensors.length}`, dims, tensors.length + 3, 0.6));
    return `w${tensors.length - 1}`;
  };
  const list = (values: number[]) => {
    tensors.push(int64s(`i${tensors.length}`, values));
    return `i${tensors.length - 1}`;
  };
  const add = (opType: string, input: string[], output: string, attribute: Node["attribute"] = []) => {
    nodes.push(node(opType, input, [output], attribute));
    return output;
  };
  let stream = "x";
  for (let at = 0; at < layers; at++) {
    const v = (name: string) => `l${at}_${name}`;
    const sizes = (name: string, rest: number[]) => {
      if (!dynamic) return list([2, 3, ...rest]);
      add("Shape", [stream], v(`${name}_shape`));
      const batch = add("Gather", [v(`${name}_shape`), "zero"], v(`${name}_b`));
      const length = add("Gather", [v(`${name}_shape`), "one"], v(`${name}_s`));
      return add("Concat", [batch, length, ...rest.map((size) => list([size]))], v(name), [
        makeInt("axis", 0),
      ]);
    };
    const normed = add("LayerNormalization", [stream, constant([width]), constant([width])], v("norm"));
    const parts = ["q", "k", "v"].map(v);
    if (packed) {
      const all = add(
        "Add",
        [add("MatMul", [normed, constant([width, 3 * inner])], v("qkv")), constant([3 * inner])],
        v("qkvb"),
      );
      nodes.push(node("Split", [all, list([inner, inner, inner])], parts, [makeInt("axis", -1)]));
    } else for (const part of parts) add("MatMul", [normed, constant([width, inner])], part);
    const [q, k, values] = parts.map((part, place) => {
      const split = add("Reshape", [part, sizes(`${place}_split`, [heads, dim])], `${part}_heads`);
      return add("Transpose", [split], `${part}_t`, [
        makeInts("perm", place === 1 ? [0, 2, 3, 1] : [0, 2, 1, 3]),
      ]);
    });
    const scores = add("Mul", [add("MatMul", [q ?? "", k ?? ""], v("qk")), "scale"], v("scores"));
    const shares = add("Softmax", [scores], v("shares"), [makeInt("axis", -1)]);
    const context = add("MatMul", [shares, values ?? ""], v("context"));
    const back = add("Transpose", [context], v("back"), [makeInts("perm", [0, 2, 1, 3])]);
    const flat = add("Reshape", [back, sizes("merge", [inner])], v("flat"));
    const out = add("MatMul", [flat, constant([inner, width])], v("out"));
    const mid = add("Add", [stream, out], v("mid"));
    const up = add("Gelu", [add("MatMul", [mid, constant([width, 10])], v("up"))], v("act"));
    stream = add(
      "Add",
      [mid, add("MatMul", [up, constant([10, width])], v("down"))],
      at === layers - 1 ? "y" : v("end"),
    );
  }
  const main = graph({
    input: [value("x", dynamic ? ["batch", "sequence", width] : [2, 3, width])],
    output: [value("y", dynamic ? ["batch", "sequence", width] : [2, 3, width])],
    node: nodes,
    initializer: tensors,
  });
  return model(main, 20, 9);
}

const shapesOf = (source: Model) => source.graph.initializer.map(({ dims }) => dims.join("×"));

describe("attention heads as exporters write them", () => {
  it("go with their rows of queries, keys and values and their columns of the output", async () => {
    const shapes = fc.record({
      heads: fc.integer({ min: 2, max: 5 }),
      dim: fc.constantFrom(2, 3, 8),
      packed: fc.boolean(),
      dynamic: fc.boolean(),
      layers: fc.integer({ min: 1, max: 2 }),
    });
    await fc.assert(
      fc.asyncProperty(shapes, async (shape) => {
        const { result, changed } = await pruneExactly(comparer, transformer(shape), { ratio: 0.5 });
        const left = shape.heads - (shape.heads - Math.max(1, evenRound(shape.heads / 2)));
        const heads = result.changed.filter(({ what }) =>
          what.startsWith(`${left} of ${shape.heads} units stay`),
        );
        expect(heads).toHaveLength(shape.layers);
        const columns = left * shape.dim;
        expect(shapesOf(changed)).toContain(`6×${shape.packed ? 3 * columns : columns}`);
        expect(shapesOf(changed)).toContain(`${columns}×6`);
      }),
      { numRuns: 40 },
    );
  });

  it("stay where the recipe says so, and with them all of the attention", async () => {
    const source = transformer({ heads: 4, dim: 8, packed: false, dynamic: true, layers: 1 });
    const { result, changed } = await pruneExactly(comparer, source, { ratio: 0.5, heads: false });
    expect(result.changed.map(({ name }) => name)).toEqual(["model", "n_l0_up"]);
    expect(shapesOf(changed)).toContain("6×32");
    expect(result.skipped).toContainEqual({
      name: "n_l0_q",
      reason: 'its units stay: Reshape "n_l0_q_heads" splits it into heads, which are left alone',
    });
  });
});

function evenRound(value: number): number {
  const floor = Math.floor(value);
  return value - floor === 0.5 ? floor + (floor % 2) : Math.round(value);
}

describe("Attention of com.microsoft", () => {
  const packed = (cache: boolean) => {
    const inputs = ["x", "w", "b", "", cache ? "past" : ""];
    const attention = node("Attention", inputs, cache ? ["a", "present"] : ["a"], [makeInt("num_heads", 4)]);
    attention.domain = microsoftDomain;
    const built = model(
      graph({
        input: [value("x", [2, 3, 8]), ...(cache ? [value("past", [2, 2, 4, 1, 2])] : [])],
        output: [value("y", [2, 3, 5]), ...(cache ? [value("present", [2, 2, 4, 4, 2])] : [])],
        node: [attention, node("MatMul", ["a", "o"], ["y"])],
        initializer: [weight("w", [8, 24], 1), weight("b", [24], 2), weight("o", [8, 5], 3)],
      }),
    );
    built.opsetImport.push({ domain: microsoftDomain, version: 1 });
    return built;
  };

  it("loses heads", async () => {
    const { changed } = await pruneExactly(comparer, packed(false), { ratio: 0.5 });
    expect(shapesOf(changed)).toEqual(["8×12", "12", "4×5"]);
    expect(changed.graph.node[0]?.attribute[0]?.i).toBe(2n);
  });

  it("keeps them where keys and values are cached", async () => {
    const changed = packed(true);
    const result = await pruneStructured(
      changed,
      pruneStructuredSchema.parse({ use: "prune.structured" }),
      silent,
    );
    expect(result.changed).toEqual([]);
    expect(english(result.skipped[1]?.reason ?? "")).toContain(
      "keeps keys and values of every head in a cache",
    );
  });
});

describe("hostile graphs", () => {
  const parsed = pruneStructuredSchema.parse({ use: "prune.structured" });
  const grow = (opType: string, attribute: Node["attribute"], initializer: Tensor[], first: Node) => {
    const nodes = [first];
    for (let at = 0; at < 40; at++) nodes.push(node(opType, [`v${at}`, `v${at}`], [`v${at + 1}`], attribute));
    return model(
      graph({ input: [value("x", [1, 2, 4, 4])], output: [value("v40", ["n"])], node: nodes, initializer }),
    );
  };

  it("that double an axis forty times end with a reason", async () => {
    const first = node("Conv", ["x", "w"], ["v0"]);
    const source = grow("Concat", [makeInt("axis", 1)], [weight("w", [8, 2, 1, 1])], first);
    const { changed, skipped } = await pruneStructured(source, parsed, silent);
    expect(changed).toEqual([]);
    expect(english(skipped[0]?.reason ?? "")).toMatch(/more than [\d,]+ channels or features to follow/);
  });

  it("with attributes of the wrong type are not understood", async () => {
    const first = node("Conv", ["x", "w"], ["v0"], [{ name: "group", s: new Uint8Array([1]), type: 3 }]);
    const source = grow("Add", [], [weight("w", [8, 2, 1, 1])], first);
    const { changed, skipped } = await pruneStructured(source, parsed, silent);
    expect(changed).toEqual([]);
    expect(english(skipped[0]?.reason ?? "")).toContain("no layer whose units");
  });
});
