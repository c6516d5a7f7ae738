import { describe, expect, it } from "vitest";
import { makeInt } from "#engine/onnx/attributes.ts";
import { floats, graph, model, node, value, weight } from "../testing/build.ts";
import { formats, image, ops, useComparer } from "./testing/checks.ts";

const { check } = useComparer();

describe("Relu and Clip", () => {
  const convolution = (...rest: Parameters<typeof node>[]) =>
    model(
      graph({
        input: [image],
        output: [value("y", ["n", 4, 6, 6])],
        node: [node("Conv", ["x", "w"], ["c"]), ...rest.map((entry) => node(...entry))],
        initializer: [weight("w", [4, 4, 3, 3]), floats("low", [], [0]), floats("high", [], [1.5])],
      }),
    );

  it("go where the range clips", async () => {
    for (const last of [["Relu", ["c"], ["y"]] as const, ["Clip", ["c", "low", "high"], ["y"]] as const]) {
      const made = await check(convolution([last[0], [...last[1]], [...last[2]]]));
      for (const format of formats) expect(ops(made[format])).not.toContain(last[0]);
    }
  });

  it("go where one follows the other", async () => {
    const made = await check(convolution(["Relu", ["c"], ["r"]], ["Relu", ["r"], ["y"]]));
    for (const format of formats) expect(ops(made[format])).not.toContain("Relu");
    const three = await check(
      convolution(["Relu", ["c"], ["r"]], ["Clip", ["r", "low", "high"], ["q"]], ["Relu", ["q"], ["y"]]),
    );
    expect(ops(three.qdq).filter((op) => op === "Relu" || op === "Clip")).toEqual([]);
  });

  it("stay where a bound is computed, or where they are to stay", async () => {
    const computed = convolution(
      ["ReduceMax", ["x"], ["bound"], [makeInt("keepdims", 0)]],
      ["Clip", ["c", "low", "bound"], ["y"]],
    );
    const made = await check(computed);
    for (const format of formats) expect(ops(made[format])).toContain("Clip");
    const kept = await check(convolution(["Relu", ["c"], ["y"]]), { keep_activations: true });
    for (const format of formats) expect(ops(kept[format])).toContain("Relu");
  });

  it("stay with symmetric activations and with symmetric ranges", async () => {
    for (const options of [{ symmetric_activations: true }, { symmetric_ranges: true }]) {
      for (const activation_type of ["uint8", "int8"]) {
        const made = await check(convolution(["Relu", ["c"], ["y"]]), { activation_type, ...options });
        for (const format of formats) expect(ops(made[format])).toContain("Relu");
      }
    }
  });

  it("stay where another node reads what goes in", async () => {
    const source = convolution(["Relu", ["c"], ["r"]], ["Add", ["c", "r"], ["y"]]);
    const made = await check(source);
    expect(ops(made.qoperator)).toContain("Relu");
    expect(ops(made.qdq)).toContain("Relu");
  });
});
