import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { makeValue } from "#engine/onnx/build.ts";
import type { Model, Tensor } from "#engine/onnx/model.ts";
import type { CalibrationData } from "../pass.ts";
import {
  choice,
  floats,
  graph,
  graphAttribute,
  int64s,
  model,
  node,
  randomFloats,
  value,
  weight,
} from "./build.ts";
import { floatInput, itemsOf } from "./calibration.ts";

/** Rows of an item, over which the Scan goes. */
const steps = 3;
const rows = 4;

type Maker = (name: string, dims: [number, number], seed: number) => Tensor;

const randomWeight: Maker = (name, dims, seed) => weight(name, dims, seed, 2 / Math.sqrt(dims[0]));

/**
 * A network with weights of [width, width] in an If ("then_w", "else_w"), a Loop ("loop_w"), an If within that Loop
 * ("first_w", "later_w"), a Scan ("scan_w") and a branch that is never taken ("never_w"). "w" stands in the main graph;
 * a node there and one in the If share it, and it is tied to a weight of the Loop.
 */
export function controlFlow(width: number, make: Maker = randomWeight): Model {
  const square = (name: string, seed: number) => make(name, [width, width], seed);
  const any = (name: string) => makeValue(name, "float32");
  const shape = ["n", steps, width];
  const inner = (name: string, seed: number) =>
    graph({
      name,
      node: [node("MatMul", ["s", `${name}_w`], [`${name}_m`]), node("Tanh", [`${name}_m`], [`${name}_y`])],
      output: [any(`${name}_y`)],
      initializer: [square(`${name}_w`, seed)],
    });
  const turn = graph({
    input: [value("i", [], "int64"), value("go", [], "bool"), value("s", shape)],
    node: [
      node("Identity", ["go"], ["go_on"]),
      node("Equal", ["i", "zero_turns"], ["is_first"]),
      choice("is_first", "a", inner("first", 11), inner("later", 12)),
      node("MatMul", ["a", "loop_w"], ["b"]),
      node("MatMul", ["b", "tied"], ["c"]),
      node("Tanh", ["c"], ["s_next"]),
    ],
    output: [value("go_on", [], "bool"), value("s_next", shape)],
    initializer: [square("loop_w", 13), int64s("zero_turns", [0], [])],
  });
  const step = graph({
    input: [value("sum", ["n", width]), value("row", ["n", width])],
    node: [
      node("MatMul", ["row", "scan_w"], ["d"]),
      node("Tanh", ["d"], ["out"]),
      node("Add", ["sum", "out"], ["sum_next"]),
    ],
    output: [value("sum_next", ["n", width]), value("out", ["n", width])],
    initializer: [square("scan_w", 14)],
  });
  const branch = (name: string, seed: number, more: ReturnType<typeof node>[] = []) =>
    graph({
      name,
      node: [...more, node("MatMul", [more.length > 0 ? "again" : "h", `${name}_w`], [`${name}_y`])],
      output: [value(`${name}_y`, shape)],
      initializer: [square(`${name}_w`, seed)],
    });
  return model(
    graph({
      input: [value("x", shape)],
      output: [value("y", shape), value("total", ["n", width])],
      node: [
        node("MatMul", ["x", "w"], ["h"]),
        node("ReduceSum", ["x"], ["mean"], [makeInt("keepdims", 0)]),
        node("Greater", ["mean", "zero"], ["positive"]),
        node("Identity", ["w"], ["tied"]),
        choice(
          "positive",
          "p",
          branch("then", 2),
          branch("else", 3, [node("MatMul", ["h", "w"], ["again"])]),
        ),
        node("Loop", ["turns", "", "p"], ["q"], [graphAttribute("body", turn)]),
        node("ReduceMean", ["h"], ["none"], [makeInts("axes", [1]), makeInt("keepdims", 0)]),
        node(
          "Scan",
          ["none", "q"],
          ["total", "r"],
          [
            graphAttribute("body", step),
            makeInt("num_scan_inputs", 1),
            makeInts("scan_input_axes", [1]),
            makeInts("scan_output_axes", [1]),
          ],
        ),
        node("Abs", ["mean"], ["size"]),
        node("Less", ["size", "zero"], ["impossible"]),
        choice(
          "impossible",
          "y",
          branch("never", 4),
          graph({
            name: "always",
            node: [node("Neg", ["r"], ["always_y"])],
            output: [value("always_y", shape)],
          }),
        ),
      ],
      initializer: [square("w", 1), floats("zero", [], [0]), int64s("turns", [3], [])],
    }),
  );
}

/** Items for `controlFlow`, which take one branch of its If and the other by turns. Channels differ in size. */
export function controlFlowItems(width: number, count: number, seed = 5): CalibrationData {
  const size = rows * steps * width;
  const item = (at: number) =>
    randomFloats(size, seed + at).map(
      (entry, index) => (entry + (at % 2 === 0 ? 0.2 : -0.2)) * (1 + (index % width) / 8),
    );
  return itemsOf(
    ...Array.from({ length: count }, (_, at) => ({ x: floatInput([rows, steps, width], item(at)) })),
  );
}

/** The weights of `controlFlow` that calibration items reach. */
export const reached = ["w", "then_w", "else_w", "first_w", "later_w", "loop_w", "scan_w"] as const;
