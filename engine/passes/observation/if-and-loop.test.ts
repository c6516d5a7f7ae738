import { describe, expect, it } from "vitest";
import { makeInt } from "#engine/onnx/attributes.ts";
import { floats, graph, graphAttribute, int64s, node, value } from "../testing/build.ts";
import { any, body, doubling, head, ifPositive, input, look, net } from "./testing/look.ts";

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

  it("are seen in float16, as bit patterns", async () => {
    const half = net(
      ifPositive(
        body("t", [
          node("Cast", ["x"], ["h"], [makeInt("to", 10)]),
          node("Cast", ["h"], ["t"], [makeInt("to", 1)]),
        ]),
        body("e", [node("Neg", ["x"], ["e"])]),
      ),
      [floats("zero", [], [0])],
    );
    const { seen } = await look(half, ["h"], input(1, 2), input(-1));
    expect(seen.h).toEqual([[`2: ${0x3c00} ${0x4000}`], []]);
  });

  it("are not seen where it never is", async () => {
    const { seen, faults } = await look(source, ["t", "e"], input(1), input(2));
    expect(seen.e).toEqual([[], []]);
    expect(faults).toEqual({ e: 'no calibration item reaches it, in graph 2 of If "n_y"' });
  });
});

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
