import { describe, expect, it } from "vitest";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { indexModel } from "#engine/graph/index.ts";
import { call, body as functionBody, withFunctions } from "#engine/graph/inline/testing/build.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Graph, Model } from "#engine/onnx/model.ts";
import { observePlaces } from "../observe.ts";
import { choice, floats, graph, graphAttribute, int64s, model, node, value } from "../testing/build.ts";
import { calibrating, floatInput, itemsOf } from "../testing/calibration.ts";
import { expose } from "./exposure.ts";
import type { Place } from "./place.ts";

const input = (...data: number[]) => ({ x: floatInput([data.length], Float32Array.from(data)) });

/** What values of these names are, by batch, as sizes and numbers; and why some are not seen. */
async function look(source: Model, names: readonly string[], ...feeds: ReturnType<typeof input>[]) {
  const index = indexModel(source);
  const values = names.map((name) => placeNamed(source, name, index));
  const before = Buffer.concat(encodeModel(source));
  const seen: Record<string, string[][]> = Object.fromEntries(names.map((name) => [name, []]));
  const sight = await observePlaces(source, values, calibrating(itemsOf(...feeds)), (batch) => {
    for (const [{ name }, tensors] of batch.values) seen[name]?.push(tensors.map(show));
  });
  expect(Buffer.concat(encodeModel(source)).equals(before)).toBe(true);
  const faults = Object.fromEntries(
    values.flatMap((one) => {
      const fault = sight.fault([one]);
      return fault === undefined ? [] : [[one.name, fault]];
    }),
  );
  return { seen, faults };
}

/** The value of this name where it is defined. */
function placeNamed(source: Model, name: string, index = indexModel(source)): Place {
  const scope = index.scopes.find((one) => index.values(one).has(name));
  if (scope === undefined) throw new Error(`no ${name}`);
  return { scope, name };
}

function show({ dims, data }: HostTensor): string {
  return `${dims.join("×")}: ${[...data].map(Number).join(" ")}`;
}

const x = value("x", ["n"]);
/** A float32 value of unknown shape. */
const any = (name: string) => ({ name, type: { tensorType: { elemType: 1 } } });

const net = (nodes: Graph["node"], initializer: Graph["initializer"] = [], opset = 17) =>
  model(graph({ input: [x], output: [{ name: "y" }], node: nodes, initializer }), opset, opset < 13 ? 6 : 8);

const ifPositive = (yes: Graph, no: Graph) => [
  node("ReduceSum", ["x"], ["sum"], [makeInt("keepdims", 0)]),
  node("Greater", ["sum", "zero"], ["positive"]),
  choice("positive", "y", yes, no),
];

const body = (output: string, nodes: Graph["node"], initializer: Graph["initializer"] = []) =>
  graph({ name: output, output: [value(output, ["m"])], node: nodes, initializer });

describe("values of an If", () => {
  const source = net(
    ifPositive(
      body("t", [node("Add", ["x", "x"], ["h"]), node("Neg", ["h"], ["t"])]),
      body("e", [node("Neg", ["x"], ["h"]), node("Neg", ["h"], ["e"])]),
    ),
    [floats("zero", [], [0])],
  );

  it("are seen where their branch is taken", async () => {
    const { seen, faults } = await look(source, ["sum", "t", "e"], input(1, 2), input(-3), input(4));
    expect(seen).toEqual({
      sum: [[": 3"], [": -3"], [": 4"]],
      t: [["2: -2 -4"], [], ["1: -8"]],
      e: [[], ["1: -3"], []],
    });
    expect(faults).toEqual({});
  });

  it("are not seen where it never is", async () => {
    const { seen, faults } = await look(source, ["t", "e"], input(1), input(2));
    expect(seen.e).toEqual([[], []]);
    expect(faults).toEqual({ e: 'no calibration item reaches it, in the main graph > If "n_y" > graph 2' });
  });
});

/** What the body of a Loop gets besides its state. */
const head = [value("i", [], "int64"), value("go", [], "bool")];

/** The state becomes its elements plus 1, joined with what it was: it doubles in length. */
const doubling = (opset: number) =>
  net(
    [
      node(
        "Loop",
        ["turns", "", "x"],
        ["y"],
        [
          graphAttribute(
            "body",
            graph({
              input: [...head, any("s")],
              output: [value("go_on", [], "bool"), any("next")],
              node: [
                node("Identity", ["go"], ["go_on"]),
                node("Add", ["s", "x0"], ["h"]),
                node("Concat", ["h", "s"], ["next"], [makeInt("axis", 0)]),
              ],
              initializer: [floats("x0", [1], [1])],
            }),
          ),
        ],
      ),
    ],
    [int64s("turns", [3], [])],
    opset,
  );

describe("values of a Loop", () => {
  it.each([17, 11])("are seen turn by turn, whatever their shapes, in opset %i", async (opset) => {
    const { seen, faults } = await look(doubling(opset), ["s", "h"], input(1), input(2));
    expect(faults).toEqual({});
    expect(seen.s?.[0]).toEqual(["1: 1", "2: 2 1", "4: 3 2 2 1"]);
    expect(seen.h).toEqual([
      ["1: 2", "2: 3 2", "4: 4 3 3 2"],
      ["1: 3", "2: 4 3", "4: 5 4 4 3"],
    ]);
  });

  it.each([
    ["a number of turns", ["turns", ""]],
    ["a condition", ["", "go"]],
  ])("are seen beside outputs that the loop stacks, where it has no state but %s", async (_, ends) => {
    const turn = graph({
      input: head,
      output: [value("go_on", [], "bool"), any("square"), any("unused")],
      node: [
        node("Less", ["i", "last"], ["go_on"]),
        node("Cast", ["i"], ["f"], [makeInt("to", 1)]),
        node("Mul", ["f", "f"], ["square"]),
        node("Neg", ["f"], ["unused"]),
      ],
      initializer: [int64s("last", [2], [])],
    });
    const source = net(
      [
        node("Loop", ends, ["squares", "all_unused"], [graphAttribute("body", turn)]),
        node("Add", ["squares", "x"], ["y"]),
      ],
      [int64s("turns", [3], []), { name: "go", dims: [], dataType: 9, int32Data: Int32Array.of(1) }],
    );
    const { seen, faults } = await look(source, ["f", "unused", "squares"], input(0, 0, 0));
    expect(faults).toEqual({});
    expect(seen).toEqual({
      f: [[": 0", ": 1", ": 2"]],
      unused: [[": 0", ": -1", ": -2"]],
      squares: [["3: 0 1 4"]],
    });
  });

  it("are not seen where it never turns", async () => {
    const source = doubling(17);
    source.graph.initializer = [int64s("turns", [0], [])];
    const { seen, faults } = await look(source, ["h"], input(1));
    expect(seen.h).toEqual([[]]);
    expect(faults.h).toContain("no calibration item reaches it");
  });
});

/** Sums up the elements of x; `more` are nodes of the body, which sees the sum "s" and the element "e". */
function scanning(more: Graph["node"], outputs: string[] = [], attribute = [makeInt("num_scan_inputs", 1)]) {
  const turn = graph({
    input: [value("s", [1]), value("e", [])],
    output: [value("next", [1]), ...outputs.map(any)],
    node: [node("Add", ["s", "e"], ["next"]), ...more],
    initializer: [floats("zero_inside", [], [0])],
  });
  return net(
    [
      node(
        "Scan",
        ["none", "x"],
        ["y", ...outputs.map((name) => `all_${name}`)],
        [graphAttribute("body", turn), ...attribute],
      ),
    ],
    [floats("none", [1], [0])],
  );
}

describe("values of a Scan", () => {
  it("are seen turn by turn", async () => {
    const { seen, faults } = await look(scanning([]), ["s", "e", "next"], input(1, 2, 3), input(5));
    expect(faults).toEqual({});
    expect(seen).toEqual({
      s: [["1: 0", "1: 1", "1: 3"], ["1: 0"]],
      e: [[": 1", ": 2", ": 3"], [": 5"]],
      next: [["1: 1", "1: 3", "1: 6"], ["1: 5"]],
    });
  });

  it("are seen beside outputs that it stacks along an axis or in reverse", async () => {
    const source = scanning(
      [node("Concat", ["s", "next"], ["pair"], [makeInt("axis", 0)])],
      ["pair"],
      [
        makeInt("num_scan_inputs", 1),
        makeInts("scan_output_axes", [1]),
        makeInts("scan_output_directions", [1]),
      ],
    );
    const { seen, faults } = await look(source, ["pair", "e"], input(1, 2));
    expect(faults).toEqual({});
    expect(seen).toEqual({ pair: [["2: 0 1", "2: 1 3"]], e: [[": 1", ": 2"]] });
  });

  const branches = [
    body("t", [node("Add", ["s", "e"], ["big"]), node("Neg", ["big"], ["t"])]),
    body("f", [node("Neg", ["s"], ["f"])]),
  ] as const;
  const uneven = scanning([
    node("Greater", ["e", "zero_inside"], ["positive"]),
    choice("positive", "z", ...branches),
  ]);

  it("whose number differs from turn to turn are left out with a reason, the others are seen", async () => {
    const { seen, faults } = await look(uneven, ["e", "big", "y"], input(1, 2), input(1, -2), input(3));
    expect(Object.keys(faults)).toEqual(["big"]);
    expect(faults.big).toMatch(
      /^its inner values cannot be observed: ONNX Runtime fails to run the model: .+/,
    );
    expect(seen).toEqual({
      e: [[": 1", ": 2"], [": 1", ": -2"], [": 3"]],
      big: [["1: 1", "1: 3"]],
      y: [["1: 3"], ["1: -1"], ["1: 3"]],
    });
  });

  it("are left out where the model itself fails no less", async () => {
    await expect(look(uneven, ["big"], { x: floatInput([1, 1], Float32Array.of(1)) })).rejects.toThrow(
      "ONNX Runtime",
    );
  });
});

describe("values of subgraphs in subgraphs", () => {
  it("are seen in a branch that some turns of a loop take, and in a loop within that loop", async () => {
    const innermost = graph({
      input: [value("j", [], "int64"), value("on", [], "bool"), any("p")],
      output: [value("on_on", [], "bool"), any("p_next")],
      node: [node("Identity", ["on"], ["on_on"]), node("Add", ["p", "s"], ["p_next"])],
    });
    const source = net(
      [
        node(
          "Loop",
          ["turns", "", "x"],
          ["y"],
          [
            graphAttribute(
              "body",
              graph({
                input: [...head, any("s")],
                output: [value("go_on", [], "bool"), any("next")],
                node: [
                  node("Identity", ["go"], ["go_on"]),
                  node("Equal", ["i", "first"], ["at_first"]),
                  choice(
                    "at_first",
                    "next",
                    body("t", [node("Add", ["s", "s"], ["twice"]), node("Neg", ["twice"], ["t"])]),
                    body("e", [
                      node("Loop", ["i", "", "s"], ["all"], [graphAttribute("body", innermost)]),
                      node("Neg", ["all"], ["e"]),
                    ]),
                  ),
                ],
                initializer: [int64s("first", [0], [])],
              }),
            ),
          ],
        ),
      ],
      [int64s("turns", [3], [])],
    );
    const names = ["s", "twice", "all", "p_next"];
    const { seen, faults } = await look(source, names, input(1), input(1, 2));
    expect(faults).toEqual({});
    expect(seen).toEqual({
      s: [
        ["1: 1", "1: -2", "1: 4"],
        ["2: 1 2", "2: -2 -4", "2: 4 8"],
      ],
      twice: [["1: 2"], ["2: 2 4"]],
      all: [
        ["1: -4", "1: 12"],
        ["2: -4 -8", "2: 12 24"],
      ],
      p_next: [
        ["1: -4", "1: 8", "1: 12"],
        ["2: -4 -8", "2: 8 16", "2: 12 24"],
      ],
    });
  });

  it("have names that may be alike in two branches", async () => {
    const source = net(
      ifPositive(
        body("t", [node("Add", ["x", "x"], ["h"]), node("Neg", ["h"], ["t"])]),
        body("e", [node("Neg", ["x"], ["h"]), node("Neg", ["h"], ["e"])]),
      ),
      [floats("zero", [], [0])],
    );
    const index = indexModel(source);
    const values = index.scopes.slice(1).map((scope) => ({ scope, name: "h" }));
    const seen: string[][] = [];
    await observePlaces(source, values, calibrating(itemsOf(input(3), input(-3))), ({ values: found }) => {
      seen.push(values.map((one) => (found.get(one) ?? []).map(show).join()));
    });
    expect(seen).toEqual([
      ["1: 6", ""],
      ["", "1: 3"],
    ]);
  });
});

describe("values of the graph around", () => {
  it("are seen as often as the graph that looks at them runs", async () => {
    const looped = doubling(17);
    const branched = net(
      ifPositive(
        body("t", [node("Neg", ["sum"], ["n"]), node("Add", ["x", "n"], ["t"])]),
        body("e", [node("Neg", ["x"], ["e"])]),
      ),
      [floats("zero", [], [0])],
    );
    const at = async (source: Model, name: string) => {
      const place = { scope: indexModel(source).scopes[1] as Scope, name };
      const seen: string[][] = [];
      await observePlaces(source, [place], calibrating(itemsOf(input(3), input(-3))), ({ values }) => {
        seen.push((values.get(place) ?? []).map(show));
      });
      return seen;
    };
    expect(await at(looped, "x")).toEqual([Array(3).fill("1: 3"), Array(3).fill("1: -3")]);
    expect(await at(branched, "x")).toEqual([["1: 3"], []]);
    expect(await at(branched, "sum")).toEqual([[": 3"], []]);
  });
});

describe("what cannot be looked at", () => {
  const branches = () =>
    net(
      ifPositive(
        body("t", [node("Neg", ["x"], ["h"]), node("Neg", ["h"], ["t"])]),
        body("e", [node("Identity", ["x"], ["e"])]),
      ),
      [floats("zero", [], [0])],
    );

  it("is named: values that are no floats, and subgraphs of other operators", async () => {
    expect((await look(doubling(17), ["i"], input(1))).faults.i).toContain('"i" is int64');
    const foreign = branches();
    const named = foreign.graph.node.find(({ opType }) => opType === "If");
    const shown = expose(foreign, [placeNamed(foreign, "h")]);
    expect([shown.logs.size, shown.hidden.size]).toEqual([1, 0]);
    if (named !== undefined) named.domain = "com.example";
    expect([...expose(foreign, [placeNamed(foreign, "h")]).hidden.values()]).toEqual([
      'If "n_y" cannot hand out what is inside of it',
    ]);
  });

  it("is named: values of old models and of local functions", async () => {
    const scan = scanning([]);
    scan.opsetImport = [{ domain: "", version: 8 }];
    expect([...expose(scan, [placeNamed(scan, "e")]).hidden.values()]).toEqual([
      'Scan "n_y" cannot hand out what is inside of it',
    ]);
    const old = branches();
    old.opsetImport = [{ domain: "", version: 4 }];
    const [reason] = expose(old, [placeNamed(old, "h")]).hidden.values();
    expect(reason).toBe('opset 4 is too old to look at "h"');
    const source = withFunctions(graph({ input: [x], output: [any("y")], node: [call("f", ["x"], ["y"])] }), [
      functionBody("f", ["a"], ["b"], [node("Neg", ["a"], ["b"])]),
    ]);
    const { faults } = await look(source, ["b"], input(1));
    expect(faults.b).toContain("is in a local function");
  });
});
