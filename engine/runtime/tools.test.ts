import { describe, expect, it } from "vitest";
import { observe } from "../passes/observe.ts";
import { type CalibrationData, noTools } from "../passes/pass.ts";
import { floats, graph, model, node, value } from "../passes/testing/build.ts";
import { loadExecutable } from "./tools.ts";

/** x → relu(x + 1) → y: the sum is an inner value that fusion would take away. */
const net = model(
  graph({
    node: [node("Add", ["x", "one"], ["sum"]), node("Relu", ["sum"], ["y"])],
    input: [value("x", ["n", 2])],
    output: [value("y", ["n", 2])],
    initializer: [floats("one", [1], [1])],
  }),
);

const items = [
  [-2, 1],
  [3, -5],
] as const;

const calibration: CalibrationData = {
  items: 2,
  description: "two items",
  batches: () =>
    items.map((item, at) => ({
      feeds: { x: { dtype: "float32", dims: [1, 2], data: Float32Array.from(item) } },
      rows: Uint32Array.of(at),
      size: 1,
    })),
};

describe("observe", () => {
  it("gives inputs, inner values and outputs of every batch", async () => {
    const seen: Record<string, number[][]> = { x: [], sum: [], y: [] };
    const tools = { ...noTools, load: loadExecutable, calibration };
    await observe(net, ["x", "sum", "y"], tools, ({ values }) => {
      for (const [name, { data }] of Object.entries(values)) seen[name]?.push([...data].map(Number));
    });
    expect(seen).toEqual({
      x: [
        [-2, 1],
        [3, -5],
      ],
      sum: [
        [-1, 2],
        [4, -4],
      ],
      y: [
        [0, 2],
        [4, 0],
      ],
    });
  });

  it("leaves the model as it is", async () => {
    const before = net.graph.output.length;
    await observe(net, ["sum"], { ...noTools, load: loadExecutable, calibration }, () => {});
    expect(net.graph.output).toHaveLength(before);
  });
});
