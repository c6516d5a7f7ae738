import { expect } from "vitest";
import { english } from "#engine/english.ts";
import type { HostTensor } from "#engine/evaluate/tensors/tensor.ts";
import { indexModel } from "#engine/graph/index.ts";
import { makeInt } from "#engine/onnx/attributes.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Graph, Model } from "#engine/onnx/model.ts";
import { observePlaces } from "../../observe.ts";
import { choice, floats, graph, graphAttribute, int64s, model, node, value } from "../../testing/build.ts";
import { calibrating, floatInput, itemsOf } from "../../testing/calibration.ts";
import type { Place } from "../place.ts";

export const input = (...data: number[]) => ({ x: floatInput([data.length], Float32Array.from(data)) });

/** What values of these names are, by batch, as sizes and numbers; and why some are not seen. */
export async function look(source: Model, names: readonly string[], ...feeds: ReturnType<typeof input>[]) {
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
      return fault === undefined ? [] : [[one.name, english(fault)]];
    }),
  );
  return { seen, faults };
}

/** The value of this name where it is defined. */
export function placeNamed(source: Model, name: string, index = indexModel(source)): Place {
  const scope = index.scopes.find((one) => index.values(one).has(name));
  if (scope === undefined) throw new Error(`no ${name}`);
  return { scope, name };
}

export function show({ dims, data }: HostTensor): string {
  return `${dims.join("×")}: ${[...data].map(Number).join(" ")}`;
}

export const x = value("x", ["n"]);
/** A float32 value of unknown shape. */
export const any = (name: string) => ({ name, type: { tensorType: { elemType: 1 } } });

export const net = (nodes: Graph["node"], initializer: Graph["initializer"] = [], opset = 17) =>
  model(graph({ input: [x], output: [{ name: "y" }], node: nodes, initializer }), opset, opset < 13 ? 6 : 8);

export const ifPositive = (yes: Graph, no: Graph) => [
  node("ReduceSum", ["x"], ["sum"], [makeInt("keepdims", 0)]),
  node("Greater", ["sum", "zero"], ["positive"]),
  choice("positive", "y", yes, no),
];

export const body = (output: string, nodes: Graph["node"], initializer: Graph["initializer"] = []) =>
  graph({ name: output, output: [value(output, ["m"])], node: nodes, initializer });

/** What the body of a Loop gets besides its state. */
export const head = [value("i", [], "int64"), value("go", [], "bool")];

/** The state becomes its elements plus 1, joined with what it was: it doubles in length. */
export const doubling = (opset: number) =>
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

/** Sums up the elements of x; `more` are nodes of the body, which sees the sum "s" and the element "e". */
export function scanning(
  more: Graph["node"],
  outputs: string[] = [],
  attribute = [makeInt("num_scan_inputs", 1)],
) {
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
