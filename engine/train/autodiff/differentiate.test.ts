import { describe, expect, it } from "vitest";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { uniqueNames } from "#engine/graph/names.ts";
import { makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { dtypes } from "#engine/onnx/dtypes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Model, Node, Tensor } from "#engine/onnx/model.ts";
import { choice, floats, graph, int64s, model, node, value } from "#engine/passes/testing/build.ts";
import { differentiate } from "./differentiate.ts";
import { Emitter } from "./emitter.ts";
import { ForwardGraph } from "./forward.ts";
import { noise } from "./testing/case.ts";
import { floatFeed, Network } from "./testing/network.ts";

const dims = [2, 3];
const x = Float64Array.of(-1.5, -0.3, 0.4, 0.9, 1.3, 2.1);
const seed = noise(6, 1);

/** Nodes from x [2, 3] and w [2, 3] to outputs. */
function network(node: Node[], output: string[], initializer: Tensor[] = []): Model {
  const inputs = [value("x", dims), value("w", dims)];
  const outputs = output.map((name) => value(name, dims));
  return model(graph({ input: inputs, node, output: outputs, initializer }), 18);
}

const feeds: Record<string, HostTensor> = {
  x: floatFeed(dims, x),
  w: floatFeed(
    dims,
    x.map((v) => v * v - 1),
  ),
};

/** The gradient of x, or of another input, after a run. */
async function gradientOf(main: Model, wanted = "x", seeded?: string[]): Promise<number[]> {
  await using loaded = await Network.load(main, feeds, [wanted], seeded);
  return [...((await loaded.gradients()).get(wanted)?.data ?? [])];
}

function expectNear(found: readonly number[], expected: Iterable<number>): void {
  const all = [...expected];
  expect(found.length).toBe(all.length);
  found.forEach((number, at) => {
    expect(number).toBeCloseTo(all[at] ?? NaN, 4);
  });
}

/** Gradients as nodes alone, without a run. */
function derive(main: Model, wanted: string[], inputDims = new Map<string, number[]>(), seeded = "y") {
  const emit = new Emitter(uniqueNames(main));
  const forward = new ForwardGraph(main, inputDims);
  const found = differentiate(forward, emit, new Map([[seeded, { name: "seed", dims }]]), wanted);
  return { found, nodes: emit.nodes };
}

function refusalOf(opType: string, inputs: string[], attributes: Attribute[], initializer: Tensor[] = []) {
  return () => derive(network([node(opType, inputs, ["y"], attributes)], ["y"], initializer), ["x", "w"]);
}

describe("differentiate", () => {
  it("adds up what flows back from every reader of a value", async () => {
    const nodes = [
      node("Tanh", ["x"], ["a"]),
      node("Exp", ["x"], ["b"]),
      node("Mul", ["a", "b"], ["c"]),
      node("Sub", ["c", "x"], ["y"]),
    ];
    const slope = (v: number) => Math.exp(v) * (1 - Math.tanh(v) ** 2 + Math.tanh(v)) - 1;
    expectNear(
      await gradientOf(network(nodes, ["y"])),
      seed.map((s, at) => s * slope(x[at] ?? 0)),
    );
  });

  it("counts a value twice that one node reads twice", async () => {
    const nodes = [node("Mul", ["x", "x"], ["y"])];
    expectNear(
      await gradientOf(network(nodes, ["y"])),
      seed.map((s, at) => 2 * s * (x[at] ?? 0)),
    );
  });

  it("starts from inner values and from several outputs at once", async () => {
    const nodes = [node("Exp", ["x"], ["a"]), node("Neg", ["a"], ["y"]), node("Mul", ["a", "a"], ["z"])];
    const found = await gradientOf(network(nodes, ["y", "z"]), "x", ["a", "y", "z"]);
    const [first, second, third] = [noise(6, 1), noise(6, 2), noise(6, 3)];
    expectNear(
      found,
      [...x].map((v, at) => {
        const a = Math.exp(v);
        return ((first[at] ?? 0) - (second[at] ?? 0) + 2 * a * (third[at] ?? 0)) * a;
      }),
    );
  });

  it("gives the gradient of an inner value", async () => {
    const nodes = [node("Exp", ["x"], ["a"]), node("Mul", ["a", "w"], ["y"])];
    const { found, nodes: emitted } = derive(network(nodes, ["y"]), ["a"]);
    expect([...found.keys()]).toEqual(["a"]);
    expect(emitted.map(({ opType }) => opType)).toEqual(["Mul"]);
  });

  it("refuses a graph within a node that reads a value which depends on the wanted one", () => {
    const branch = (name: string, from: string) =>
      graph({ name, output: [value(name, dims)], node: [node("Neg", [from], [name])] });
    const nodes = (from: string) => [
      node("Exp", ["x"], ["a"]),
      choice("yes", "b", branch("p", from), branch("q", from)),
      node("Add", ["a", "b"], ["y"]),
    ];
    const yes = makeTensor("yes", "bool", [], Uint8Array.of(1));
    expect(() => derive(network(nodes("a"), ["y"], [yes]), ["x"])).toThrow(/If has no gradient rule/);
    expect(derive(network(nodes("w"), ["y"], [yes]), ["x"]).found.size).toBe(1);
  });

  it("asks nothing of what is frozen", () => {
    const nodes = [node("Shrink", ["x"], ["a"]), node("Mul", ["a", "w"], ["y"])];
    expect(derive(network(nodes, ["y"]), ["w"]).nodes).toHaveLength(1);
    expect(() => derive(network(nodes, ["y"]), ["x"])).toThrow(
      expect.objectContaining({
        code: "not-differentiable",
        message: expect.stringMatching(/Shrink has no gradient rule.*n_a/),
      }),
    );
  });

  it("names the domain of an operator that is not ONNX's", () => {
    const nodes = [{ ...node("Mul", ["x", "w"], ["y"]), domain: "org.example" }];
    expect(() => derive(network(nodes, ["y"]), ["x"])).toThrow(/Mul of org\.example has no gradient rule/);
  });

  it("leaves out what the loss does not depend on", () => {
    const nodes = [node("Exp", ["x"], ["y"]), node("Shrink", ["w"], ["z"])];
    expect([...derive(network(nodes, ["y", "z"]), ["x", "w"]).found.keys()]).toEqual(["x"]);
  });

  it("needs every shape", () => {
    const open = model(
      graph({
        input: [value("x", ["n", 3])],
        node: [node("Exp", ["x"], ["y"])],
        output: [value("y", ["n", 3])],
      }),
      18,
    );
    expect(() => derive(open, ["x"])).toThrow(
      expect.objectContaining({ code: "not-differentiable", place: expect.stringContaining("x") }),
    );
    expect(derive(open, ["x"], new Map([["x", dims]])).found.size).toBe(1);
  });

  it("stops without a word where nothing flows back", () => {
    const nodes = [
      node("Floor", ["x"], ["a"]),
      node("Greater", ["x", "w"], ["c"]),
      node("Cast", ["c"], ["d"], [makeInt("to", dtypes.float32.code)]),
      node("ArgMax", ["x"], ["e"], [makeInt("axis", 1)]),
      node("Cast", ["e"], ["f"], [makeInt("to", dtypes.float32.code)]),
      node("OneHot", ["e", "depth", "values"], ["g"]),
      node("ReduceSum", ["g", "axis"], ["h"], [makeInt("keepdims", 0)]),
      node("Sum", ["a", "d", "f", "h"], ["y"]),
    ];
    const held = [int64s("depth", [3]), floats("values", [2], [0, 1]), int64s("axis", [1])];
    expect(derive(network(nodes, ["y"], held), ["x"]).found.size).toBe(0);
  });

  it("passes through float64 and back", async () => {
    const to = (name: "float64" | "float32") => [makeInt("to", dtypes[name].code)];
    const nodes = [
      node("Cast", ["x"], ["a"], to("float64")),
      node("Cast", ["a"], ["b"], to("float32")),
      node("Exp", ["b"], ["y"]),
    ];
    expectNear(
      await gradientOf(network(nodes, ["y"])),
      seed.map((s, at) => s * Math.exp(x[at] ?? 0)),
    );
  });

  it("gives the picked values of TopK their gradients", async () => {
    const nodes = [
      node("TopK", ["x", "k"], ["values", "places"], [makeInt("axis", 1)]),
      node("ReduceSum", ["values", "axis"], ["sum"], [makeInt("keepdims", 1)]),
      node("Mul", ["w", "sum"], ["y"]),
    ];
    const found = await gradientOf(network(nodes, ["y"], [int64s("k", [2]), int64s("axis", [1])]));
    const w = [...x].map((v) => v * v - 1);
    const row = (at: number) => [0, 1, 2].reduce((sum, k) => sum + (seed[at + k] ?? 0) * (w[at + k] ?? 0), 0);
    expectNear(found, [0, row(0), row(0), 0, row(3), row(3)]);
  });

  it("refuses forms that have no rule", () => {
    expect(refusalOf("Pad", ["x", "p"], [makeString("mode", "wrap")], [int64s("p", [0, 0, 0, 0])])).toThrow(
      /Pad cannot be trained through: mode wrap/,
    );
    expect(refusalOf("Einsum", ["x", "w"], [makeString("equation", "ij,kk->ij")])).toThrow(/stands twice/);
    expect(
      refusalOf(
        "ScatterND",
        ["x", "i", "w"],
        [makeString("reduction", "mul")],
        [int64s("i", [0, 1], [2, 1])],
      ),
    ).toThrow(/reduction mul/);
    const isTraining = {
      ...int64s("t", []),
      dims: [],
      dataType: dtypes.bool.code,
      rawData: Uint8Array.of(1),
    };
    expect(refusalOf("Dropout", ["x", "", "t"], [], [isTraining])).toThrow(/random numbers of its own/);
    expect(refusalOf("Reshape", ["x", "s"], [], [int64s("s", dims)])).not.toThrow();
    expect(refusalOf("Transpose", ["x"], [makeInts("perm", [0, 1])])).not.toThrow();
  });
});
