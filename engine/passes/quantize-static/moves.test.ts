import { describe, expect, it } from "vitest";
import { makeInt, makeInts } from "#engine/onnx/attributes.ts";
import { graph, int64s, model, node, value, weight } from "../testing/build.ts";
import { image, useComparer } from "./testing/checks.ts";

const { check } = useComparer();

describe("operators that only move values", () => {
  it("share scales along a chain, in both formats", async () => {
    const source = model(
      graph({
        input: [image],
        output: [value("y", ["n", 16])],
        node: [
          node("Conv", ["x", "w"], ["c"]),
          node("Pad", ["c", "pads"], ["p"]),
          node("MaxPool", ["p"], ["m"], [makeInts("kernel_shape", [2, 2]), makeInts("strides", [2, 2])]),
          node("Transpose", ["m"], ["t"], [makeInts("perm", [0, 2, 3, 1])]),
          node("Split", ["t", "halves"], ["s1", "s2"], [makeInt("axis", 3)]),
          node("Concat", ["s2", "s1"], ["k"], [makeInt("axis", 3)]),
          node("LeakyRelu", ["k"], ["l"]),
          node("GlobalAveragePool", ["l"], ["g"]),
          node("Reshape", ["g", "shape"], ["f"]),
          node("Gemm", ["f", "v"], ["y"]),
        ],
        initializer: [
          weight("w", [4, 4, 3, 3]),
          weight("v", [4, 16], 3),
          int64s("pads", [0, 0, 1, 1, 0, 0, 1, 1]),
          int64s("halves", [2, 2]),
          int64s("shape", [-1, 4]),
        ],
      }),
    );
    const made = await check(source, {}, 0.99);
    const scales = made.qdq?.graph.node.filter(({ opType }) => opType === "QuantizeLinear");
    const of = (name: string) => scales?.find(({ input }) => input[0] === name)?.input[1];
    expect([of("p"), of("m"), of("t"), of("s1")]).toEqual(["c_scale", "c_scale", "c_scale", "c_scale"]);
    expect(of("k")).toBe("k_scale");
  });
});
