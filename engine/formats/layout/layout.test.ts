import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model, Node } from "#engine/onnx/model.ts";
import {
  floats,
  graph,
  graphAttribute,
  int64s,
  model,
  node,
  value,
  weight,
} from "#engine/passes/testing/build.ts";
import { Comparer } from "#engine/passes/testing/compare.ts";
import { moveTransposes } from "./index.ts";
import { Network } from "./testing/network.ts";

const comparer = new Comparer();
const any = (name: string) => ({ name, type: { tensorType: { elemType: 1 } } });
afterAll(() => comparer[Symbol.dispose]());

/** Moves the transpositions of a copy, which then has to compute the same. */
async function moved(source: Model, tolerance = 1e-5) {
  const copy = cloneStructure(source);
  const counts = moveTransposes(copy);
  expect(modelProblems(copy)).toEqual([]);
  const { error, outputs } = await comparer.compare(source, copy, { dims: { batch: 2 } });
  expect(error).toBeUndefined();
  expect(outputs.map(({ name }) => name)).toEqual(source.graph.output.map(({ name }) => name));
  for (const { maxAbs, rms } of outputs) expect(maxAbs).toBeLessThanOrEqual(tolerance * Math.max(1, rms));
  return { ...counts, model: copy };
}

describe("transpositions around convolutions", () => {
  const cases: Record<string, [(net: Network) => string, number]> = {
    "a chain keeps the first and the last": [
      (net) => net.conv(net.relu(net.conv(net.bias(net.conv("x"))))),
      2,
    ],
    "a residual": [(net) => net.residual(net.relu(net.conv("x")), (y) => net.conv(net.relu(net.conv(y)))), 2],
    "two branches joined": [
      (net) => {
        const y = net.conv("x");
        return net.conv(net.op("Concat", [net.conv(y), net.relu(net.conv(y))], [makeInt("axis", 3)]), 8);
      },
      2,
    ],
    "squeeze and excitation": [
      (net) => {
        const y = net.conv("x");
        const mean = net.mean(y, true);
        return net.conv(net.op("Mul", [y, net.op("Sigmoid", [net.conv(mean)])]));
      },
      2,
    ],
    "padding, halving and doubling": [
      (net) => net.conv(net.resized(net.sliced(net.padded(net.conv("x"))))),
      2,
    ],
    "a mean over the places": [(net) => net.dense(net.mean(net.conv("x"), false), net.channels), 1],
    "a product after flattening": [(net) => net.dense(net.relu(net.flat(net.conv("x")))), 1],
    "a value that is read as it is, too": [
      (net) => {
        const y = net.conv("x");
        net.output(y);
        return net.conv(y);
      },
      3,
    ],
    "softmax over the channels": [
      (net) => net.conv(net.op("Softmax", [net.conv("x")], [makeInt("axis", -1)])),
      2,
    ],
  };
  it.each(Object.entries(cases))("%s", async (_, [build, after]) => {
    const net = new Network(4, 6);
    net.output(build(net));
    const found = await moved(net.model());
    expect(found.after).toBe(after);
    expect(found.model.graph.node.filter(({ opType }) => opType === "Identity")).toEqual([]);
  });

  it("a flattened value that somebody else reads is made as it was", async () => {
    const net = new Network(4, 6);
    const flat = net.flat(net.conv("x"));
    net.output(net.dense(flat));
    net.output(flat);
    const { after } = await moved(net.model());
    expect(after).toBe(2);
  });

  it("stops at a branch, whose values stay as they are", async () => {
    const net = new Network(3, 4);
    const y = net.conv("x");
    const branch = (op: string) => graph({ node: [node(op, [y], [`${op}_y`])], output: [any(`${op}_y`)] });
    const branches = [
      graphAttribute("then_branch", branch("Relu")),
      graphAttribute("else_branch", branch("Neg")),
    ];
    net.nodes.push(node("If", ["c"], ["chosen"], branches));
    net.inputs.push(value("c", [], "bool"));
    net.output(net.conv(net.relu("chosen")));
    expect((await moved(net.model())).after).toBe(4);
  });

  it("leaves a graph without any alone", async () => {
    const plain = model(
      graph({ input: [value("x", [2, 3])], output: [any("y")], node: [node("Relu", ["x"], ["y"])] }),
    );
    expect((await moved(plain)).model.graph.node).toEqual(plain.graph.node);
  });
});

it("quantised values: one scale or one for each channel", async () => {
  const quantized = (perChannel: boolean) => {
    const scale = perChannel ? floats("s", [3], [0.01, 0.02, 0.03]) : floats("s", [], [0.02]);
    const axis = perChannel ? [makeInt("axis", 3)] : [];
    const nodes: Node[] = [
      node("Transpose", ["x"], ["a"], [makeInts("perm", [0, 2, 3, 1])]),
      node("QuantizeLinear", ["a", "s"], ["q"], axis),
      node("DequantizeLinear", ["q", "s"], ["b"], axis),
      node("Transpose", ["b"], ["y"], [makeInts("perm", [0, 3, 1, 2])]),
    ];
    return model(
      graph({
        input: [value("x", ["batch", 3, 4, 4])],
        output: [any("y")],
        node: nodes,
        initializer: [scale],
      }),
    );
  };
  for (const perChannel of [false, true]) expect((await moved(quantized(perChannel), 0)).after).toBe(0);
});

it("anything that is built of such parts computes the same, with no more of them than before", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.nat(), fc.nat(), fc.nat()), { minLength: 1, maxLength: 14 }),
      fc.integer({ min: 2, max: 4 }),
      async (choices, channels) => {
        const net = new Network(channels, 4);
        const made = ["x"];
        for (const [which, left, right] of choices) {
          const pick = (at: number) => made[at % made.length] ?? "x";
          made.push(net.any(which, pick(left), pick(right)));
        }
        net.output(net.conv(made.at(-1) ?? "x"));
        net.output(made[Math.floor(made.length / 2)] ?? "x");
        const { before, after } = await moved(net.model(), 1e-4);
        expect(after).toBeLessThanOrEqual(before + 2);
      },
    ),
    { numRuns: 150 },
  );
});

it("a product whose weights are quantised", async () => {
  const nodes: Node[] = [
    node("Transpose", ["x"], ["t"], [makeInts("perm", [0, 2, 3, 1])]),
    node("Reshape", ["t", "shape"], ["flat"]),
    node("DequantizeLinear", ["w", "s", "z"], ["weights"], [makeInt("axis", 0)]),
    node("Gemm", ["flat", "weights"], ["y"], [makeInt("transB", 1)]),
  ];
  const bytes = weight("w", [5, 12]);
  const int8 = { ...bytes, dataType: 3, rawData: Uint8Array.from({ length: 60 }, (_, at) => at * 37) };
  const zeros = { name: "z", dims: [5], dataType: 3, rawData: new Uint8Array(5) };
  const source = model(
    graph({
      input: [value("x", ["batch", 3, 2, 2])],
      output: [any("y")],
      node: nodes,
      initializer: [int64s("shape", [-1, 12]), int8, zeros, floats("s", [5], [0.1, 0.2, 0.3, 0.4, 0.5])],
    }),
  );
  expect((await moved(source)).after).toBe(0);
});
