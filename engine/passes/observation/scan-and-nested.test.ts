import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { indexModel } from "#engine/graph/index.ts";
import { call, body as functionBody, withFunctions } from "#engine/graph/inline/testing/build.ts";
import type { Scope } from "#engine/graph/scope.ts";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import type { Model } from "#engine/onnx/model.ts";
import { observePlaces } from "../observe.ts";
import { choice, floats, graph, graphAttribute, int64s, node, value } from "../testing/build.ts";
import { calibrating, floatInput, itemsOf } from "../testing/calibration.ts";
import { expose } from "./exposure.ts";
import {
  any,
  body,
  doubling,
  head,
  ifPositive,
  input,
  look,
  net,
  placeNamed,
  scanning,
  show,
  x,
} from "./testing/look.ts";

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
    expect([...expose(foreign, [placeNamed(foreign, "h")]).hidden.values()].map(english)).toEqual([
      'its inner values cannot be observed: If "n_y" cannot hand out what is inside of it',
    ]);
  });

  it("is named: values of old models and of local functions", async () => {
    const scan = scanning([]);
    scan.opsetImport = [{ domain: "", version: 8 }];
    expect([...expose(scan, [placeNamed(scan, "e")]).hidden.values()].map(english)).toEqual([
      'its inner values cannot be observed: Scan "n_y" cannot hand out what is inside of it',
    ]);
    const old = branches();
    old.opsetImport = [{ domain: "", version: 4 }];
    const [reason] = expose(old, [placeNamed(old, "h")]).hidden.values();
    expect(english(reason ?? "")).toBe(
      'its inner values cannot be observed: opset 4 is too old to look at "h"',
    );
    const source = withFunctions(graph({ input: [x], output: [any("y")], node: [call("f", ["x"], ["y"])] }), [
      functionBody("f", ["a"], ["b"], [node("Neg", ["a"], ["b"])]),
    ]);
    const { faults } = await look(source, ["b"], input(1));
    expect(faults.b).toContain("is in a local function");
  });
});
