import * as tf from "@tensorflow/tfjs";
import * as fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { noise } from "#engine/train/autodiff/testing/case.ts";
import { convertTensorflowJs } from "../../convert.ts";
import { expectOutput } from "../../testing/compare.ts";
import { attr, expectSameGraph, TestGraph } from "../../testing/graph.ts";
import { filesFor } from "../../testing/save.ts";

beforeAll(async () => {
  await tf.setBackend("cpu");
});

function numbers(shape: number[], seed = 3): tf.Tensor {
  const count = shape.reduce((product, dim) => product * dim, 1);
  return tf.tensor(Float32Array.from(noise(count, seed)), shape);
}

/** The batch is open in the graph, and of two sizes when it runs. */
const rows = (shape: number[]) => [2, 3].map((batch) => ({ x: numbers([batch, ...shape.slice(1)]) }));

async function check(graph: TestGraph, shape: number[]): Promise<void> {
  await expectSameGraph(graph.saved(), rows(shape));
}

describe("shapes", () => {
  it("Reshape to constants and to what is computed from other shapes", async () => {
    const plain = new TestGraph();
    plain.node("Reshape", [plain.input("x", [-1, 4, 3]), plain.ints("shape", [-1, 12])]);
    await check(plain, [-1, 4, 3]);

    // As Keras writes Reshape: [tf.shape(x)[0], 6, -1].
    const graph = new TestGraph();
    const x = graph.input("x", [-1, 4, 3]);
    const size = graph.node("Shape", [x]);
    const one = graph.node(
      "StridedSlice",
      [size, graph.ints("b", [0]), graph.ints("e", [1]), graph.ints("s", [1])],
      { shrink_axis_mask: attr.int(1) },
    );
    const shape = graph.node("Pack", [one, graph.ints("six", [6], []), graph.ints("rest", [-1], [])], {
      axis: attr.int(0),
    });
    graph.node("Reshape", [x, shape]);
    const { model } = await expectSameGraph(graph.saved(), rows([-1, 4, 3]));
    expect(model.graph.node.map(({ opType }) => opType)).toEqual(["Reshape"]);
    expect(model.graph.output[0]?.type?.tensorType?.shape?.dim).toEqual([
      { dimParam: "batch" },
      { dimValue: 6 },
      { dimValue: 2 },
    ]);
  });

  it("Reshape to several sizes that are open stays computed", async () => {
    const graph = new TestGraph();
    const x = graph.input("x", [-1, -1, 6]);
    const size = graph.node("Shape", [x]);
    const front = graph.node("Slice", [size, graph.ints("b", [0]), graph.ints("n", [2])]);
    const shape = graph.node("ConcatV2", [front, graph.ints("tail", [2, 3]), graph.ints("axis", [0], [])]);
    graph.node("Reshape", [x, shape]);
    await expectSameGraph(graph.saved(), [{ x: numbers([2, 5, 6]) }, { x: numbers([1, 3, 6]) }]);
  });

  it("Squeeze, ExpandDims, Transpose, Pack, Unpack, Tile", async () => {
    const squeeze = new TestGraph();
    squeeze.node("Squeeze", [squeeze.input("x", [-1, 1, 3, 1])], { squeeze_dims: attr.ints([1, -1]) });
    await check(squeeze, [-1, 1, 3, 1]);
    for (const axis of [0, 1, -1]) {
      const expand = new TestGraph();
      expand.node("ExpandDims", [expand.input("x", [-1, 3]), expand.ints("axis", [axis], [])]);
      await check(expand, [-1, 3]);
      const pack = new TestGraph();
      const x = pack.input("x", [-1, 3]);
      pack.node("Pack", [x, x], { axis: attr.int(axis) });
      await check(pack, [-1, 3]);
    }
    const transpose = new TestGraph();
    transpose.node("Transpose", [transpose.input("x", [-1, 3, 4]), transpose.ints("perm", [0, 2, 1])]);
    await check(transpose, [-1, 3, 4]);
    const unpack = new TestGraph();
    const all = unpack.node("Unpack", [unpack.input("x", [-1, 3, 2])], {
      axis: attr.int(1),
      num: attr.int(3),
    });
    unpack.node("Sub", [`${all}:2`, all]);
    await check(unpack, [-1, 3, 2]);
    const tile = new TestGraph();
    tile.node("Tile", [tile.input("x", [-1, 3]), tile.ints("n", [2, 3])]);
    await check(tile, [-1, 3]);
  });

  it("ConcatV2, Split, SplitV", async () => {
    const concat = new TestGraph();
    const x = concat.input("x", [-1, 3, 2]);
    concat.node("ConcatV2", [x, x, concat.ints("axis", [-2], [])]);
    await check(concat, [-1, 3, 2]);
    const split = new TestGraph();
    const parts = split.node("Split", [split.ints("axis", [1], []), split.input("x", [-1, 6])], {
      num_split: attr.int(3),
    });
    split.node("Mul", [`${parts}:1`, `${parts}:2`]);
    await check(split, [-1, 6]);
    const uneven = new TestGraph();
    const pieces = uneven.node(
      "SplitV",
      [uneven.input("x", [-1, 6]), uneven.ints("sizes", [1, -1, 2]), uneven.ints("axis", [1], [])],
      { num_split: attr.int(3) },
    );
    uneven.node("Identity", [`${pieces}:1`]);
    await check(uneven, [-1, 6]);
  });

  it("Shape, Fill, Range, BroadcastTo, Rank and Size", async () => {
    const shape = new TestGraph();
    shape.node("Shape", [shape.input("x", [-1, 4, 3])]);
    await check(shape, [-1, 4, 3]);
    const fill = new TestGraph();
    const x = fill.input("x", [-1, 3]);
    const filled = fill.node("Fill", [fill.node("Shape", [x]), fill.constant("v", [2.5], [])]);
    fill.node("Add", [filled, x]);
    await check(fill, [-1, 3]);
    const range = new TestGraph();
    const counts = range.node("Range", [
      range.ints("a", [1], []),
      range.ints("b", [10], []),
      range.ints("c", [3], []),
    ]);
    range.node("Add", [
      range.node("Cast", [counts], { DstT: attr.type("float32") }),
      range.input("x", [-1, 3]),
    ]);
    await check(range, [-1, 3]);
    const broadcast = new TestGraph();
    broadcast.node("BroadcastTo", [broadcast.input("x", [1, 3]), broadcast.ints("s", [2, 4, 3])]);
    await expectSameGraph(broadcast.saved(), [{ x: numbers([1, 3]) }]);
    for (const op of ["Rank", "Size"]) {
      const graph = new TestGraph();
      graph.node(op, [graph.input("x", [-1, 3, 2])]);
      await check(graph, [-1, 3, 2]);
    }
  });

  it("GatherV2, GatherNd, ReverseV2", async () => {
    for (const axis of [0, 1, 2]) {
      const gather = new TestGraph();
      gather.node("GatherV2", [
        gather.input("x", [3, 4, 3]),
        gather.ints("at", [2, 0, 1, 1], [2, 2]),
        gather.ints("axis", [axis], []),
      ]);
      await expectSameGraph(gather.saved(), [{ x: numbers([3, 4, 3]) }]);
    }
    const nd = new TestGraph();
    nd.node("GatherNd", [nd.input("x", [3, 4, 2]), nd.ints("at", [2, 1, 0, 3], [2, 2])]);
    await expectSameGraph(nd.saved(), [{ x: numbers([3, 4, 2]) }]);
    const reverse = new TestGraph();
    reverse.node("ReverseV2", [reverse.input("x", [-1, 4, 3]), reverse.ints("axes", [1, -1])]);
    await check(reverse, [-1, 4, 3]);
  });
});

describe("slices", () => {
  it("Slice", async () => {
    const cases = fc.array(
      fc
        .integer({ min: 1, max: 5 })
        .chain((dim) =>
          fc.record({ dim: fc.constant(dim), from: fc.nat(dim - 1), size: fc.integer({ min: -1, max: 5 }) }),
        ),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(cases, async (axes) => {
        const graph = new TestGraph();
        const sizes = axes.map(({ dim, from, size }) => (size < 1 ? -1 : Math.min(size, dim - from)));
        const shape = axes.map(({ dim }) => dim);
        graph.node("Slice", [
          graph.input("x", shape),
          graph.ints(
            "begin",
            axes.map(({ from }) => from),
          ),
          graph.ints("size", sizes),
        ]);
        await expectSameGraph(graph.saved(), [{ x: numbers(shape) }]);
      }),
      { numRuns: 30 },
    );
  });

  it("StridedSlice with every mask", async () => {
    const axis = fc.record({
      begin: fc.integer({ min: -5, max: 5 }),
      end: fc.integer({ min: -5, max: 5 }),
      step: fc.constantFrom(1, 1, 2, -1, -2),
      masks: fc.record({
        begin: fc.boolean(),
        end: fc.boolean(),
        kind: fc.constantFrom("plain", "plain", "shrink", "new", "ellipsis"),
      }),
    });
    const cases = fc.record({
      shape: fc.array(fc.integer({ min: 2, max: 4 }), { minLength: 1, maxLength: 4 }),
      axes: fc.array(axis, { minLength: 1, maxLength: 4 }),
    });
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(cases, async ({ shape, axes }) => {
        const said = axes.filter(({ masks: { kind } }) => kind === "plain" || kind === "shrink").length;
        fc.pre(axes.filter(({ masks: { kind } }) => kind === "ellipsis").length <= 1 && said <= shape.length);
        const bits = (test: (one: (typeof axes)[number]) => boolean) =>
          attr.int(axes.reduce((sum, one, at) => sum + (test(one) ? 2 ** at : 0), 0));
        const x = numbers(shape);
        // Beside an axis that shrinks, TensorFlow.js gets the places of longer steps wrong.
        const isShrunk = axes.some(({ masks: { kind } }) => kind === "shrink");
        const lists = {
          begin: axes.map((one) => one.begin),
          end: axes.map((one) => one.end),
          step: axes.map(({ step, masks: { kind } }) => (kind === "shrink" || isShrunk ? 1 : step)),
        };
        const graph = new TestGraph();
        const places = [
          graph.ints("b", lists.begin),
          graph.ints("e", lists.end),
          graph.ints("s", lists.step),
        ];
        graph.node("StridedSlice", [graph.input("x", shape), ...places], {
          begin_mask: bits(({ masks }) => masks.begin && masks.kind !== "shrink"),
          end_mask: bits(({ masks }) => masks.end && masks.kind !== "shrink"),
          shrink_axis_mask: bits(({ masks }) => masks.kind === "shrink"),
          new_axis_mask: bits(({ masks }) => masks.kind === "new"),
          ellipsis_mask: bits(({ masks }) => masks.kind === "ellipsis"),
        });
        // An axis that shrinks must have the element.
        let at = 0;
        for (const { begin, masks } of axes) {
          if (masks.kind === "ellipsis") at += shape.length - said;
          else if (masks.kind !== "new") {
            const dim = shape[at++] ?? 1;
            fc.pre(masks.kind !== "shrink" || (begin >= -dim && begin < dim));
          }
        }
        const saved = graph.saved();
        const { model } = convertTensorflowJs(filesFor(saved));
        const dims = model.graph.output[0]?.type?.tensorType?.shape?.dim ?? [];
        // TensorFlow.js does not hand out values without elements.
        fc.pre(dims.every(({ dimValue }) => dimValue !== 0));
        compared++;
        await expectSameGraph(saved, [{ x }]);
      }),
      { numRuns: 120 },
    );
    expect(compared).toBeGreaterThan(60);
  });

  it("StridedSlice backwards beside an axis that shrinks", async () => {
    const graph = new TestGraph();
    const places = [graph.ints("b", [1, 0]), graph.ints("e", [0, 0]), graph.ints("s", [1, -2])];
    const masks = { begin_mask: attr.int(2), end_mask: attr.int(2), shrink_axis_mask: attr.int(1) };
    graph.node("StridedSlice", [graph.input("x", [2, 4]), ...places], masks);
    const { model } = convertTensorflowJs(filesFor(graph.saved()));
    // x[1, ::-2]
    await expectOutput(
      model,
      tf.tensor2d([
        [0, 1, 2, 3],
        [4, 5, 6, 7],
      ]),
      tf.tensor1d([7, 5]),
    );
  });
});
