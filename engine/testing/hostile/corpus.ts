import type { Model } from "#engine/onnx/model.ts";
import { graph, model, node, value, weight } from "#engine/passes/testing/build.ts";
import type { LargeModels } from "./large/build.ts";

/** A valid model of an IR version that knows no operator sets: version 1 of the default one is meant. */
function withoutOpset(irVersion: number, size: number): Model {
  const made = model(
    graph({
      input: [value("x", [1, size])],
      node: [
        node("MatMul", ["x", "w"], ["h"]),
        node("Identity", ["h"], ["i"]),
        node("Relu", ["i"], ["y"]),
        node("Relu", ["h"], ["unused"]),
      ],
      output: [value("y", [1, size])],
      initializer: [weight("w", [size, size])],
    }),
    1,
    irVersion,
  );
  made.opsetImport = [];
  return made;
}

/**
 * Small models that once broke something, found by mutations. Those of which size was the matter stand in `large/`,
 * each with a comment.
 */
export const corpus: LargeModels = {
  // simplify raised the IR version and left the model without an opset, which is invalid from IR 3 on.
  "no opset, IR 2, something to simplify": () => withoutOpset(2, 8),
  // quantize.blockwise and factorize.svd too; the former also imported its own domain as the only one.
  "no opset, IR 1, a weight worth quantising": () => withoutOpset(1, 128),
  // cast and prune steps found what every object has under this name in their tables of operators.
  "an operator called constructor": () => {
    const made = withoutOpset(8, 8);
    made.opsetImport = [{ domain: "", version: 17 }];
    for (const one of made.graph.node) one.opType = "constructor";
    return made;
  },
  // Sizes by symbol: the table of sizes had an entry for it.
  "a symbol called __proto__": () => {
    const made = withoutOpset(2, 8);
    made.graph.input = [value("x", ["__proto__", "constructor", 8])];
    return made;
  },
  // Shape inference made an array of as many holes as the tensor said, and rules skip holes.
  "a shape of unknown contents and known rank": () => {
    const made = withoutOpset(8, 8);
    made.opsetImport = [{ domain: "", version: 17 }];
    made.graph.input.push(value("s", [3], "int64"));
    made.graph.node.push(node("Reshape", ["h", "s"], ["r"]), node("Transpose", ["r"], ["t"]));
    return made;
  },
  // prune.wanda reserved 8 TB for a weight of which the file has 256 bytes.
  "a weight that claims 2^40 rows": () => {
    const made = withoutOpset(2, 8);
    const [lying] = made.graph.initializer;
    if (lying) lying.dims = [2 ** 40, 8];
    return made;
  },
};
