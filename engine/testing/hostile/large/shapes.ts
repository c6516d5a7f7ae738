import { makeInt } from "#engine/onnx/attributes.ts";
import { int64s, node, value, weight } from "#engine/passes/testing/build.ts";
import { chain, type LargeModels, range, wrap } from "./build.ts";

/** Tensors that would be far larger than the file that asks for them. */
export const shapes: LargeModels = {
  "a tensor that is doubled 60 times": () =>
    wrap(
      range(60).map((at) =>
        node("Concat", [at ? `v${at - 1}` : "w", at ? `v${at - 1}` : "w"], [`v${at}`], [makeInt("axis", 0)]),
      ),
      "v59",
      [weight("w", [16, 16])],
    ),
  "a weight made of a tensor that is doubled 60 times": () =>
    wrap(
      [
        ...range(60).map((at) =>
          node(
            "Concat",
            [at ? `v${at - 1}` : "w", at ? `v${at - 1}` : "w"],
            [`v${at}`],
            [makeInt("axis", 0)],
          ),
        ),
        node("LSTM", ["x", "v59", "v59"], ["y"], [makeInt("hidden_size", 4)]),
      ],
      "y",
      [weight("w", [1, 16, 16])],
    ),
  "a range of 2^53": () =>
    wrap([node("Range", ["zero", "many", "one"], ["r"]), node("Relu", ["r"], ["y"])], "y", [
      int64s("zero", [0], []),
      int64s("many", [Number.MAX_SAFE_INTEGER], []),
      int64s("one", [1], []),
    ]),
  "1,000 tensors of 2^60 elements": () =>
    wrap(
      range(1000).map((at) => node("ConstantOfShape", ["s"], [`y${at}`])),
      "y0",
      [int64s("s", [2 ** 30, 2 ** 30])],
    ),
  "1,000 expansions to impossible shapes": () =>
    wrap(
      range(1000).map((at) => node("Expand", ["one", "s"], [`y${at}`])),
      "y0",
      [int64s("one", [1]), int64s("s", [-4])],
    ),
  "500 choices among broadcast shapes": () =>
    wrap(
      range(500).map((at) => node("Where", ["a", "b", "d"], [`y${at}`])),
      "y0",
      [
        { name: "a", dataType: 9, dims: [256, 1, 1], rawData: new Uint8Array(256).fill(1) },
        int64s("b", range(256), [1, 256, 1]),
        int64s("d", range(256), [1, 1, 256]),
      ],
    ),
  "10,000 sums of tensors of 50,000 dimensions": () => {
    const made = wrap(chain("Add", 10_000, ["x"]), "v9999");
    const [input] = made.graph.input;
    if (input) made.graph.input[0] = value("x", new Array<number>(50_000).fill(1));
    return made;
  },
  "a weight of 100,000 dimensions": () =>
    wrap([node("MatMul", ["x", "w"], ["y"])], "y", [
      { name: "w", dataType: 1, dims: new Array<number>(100_000).fill(1), rawData: new Uint8Array(4) },
    ]),
  "an empty weight of 2^53 rows": () =>
    wrap([node("MatMul", ["x", "w"], ["y"])], "y", [
      { name: "w", dataType: 1, dims: [Number.MAX_SAFE_INTEGER, 0], rawData: new Uint8Array() },
    ]),
};
