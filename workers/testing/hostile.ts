import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { type Attribute, attributeType, type Model, type Node, type Tensor } from "#engine/onnx/model.ts";

/** Models that are valid and do harm to the process which executes them. */
const node = (opType: string, input: string[], output: string[], attribute: Attribute[] = []): Node => ({
  opType,
  input,
  output,
  attribute,
});

const smallest = -(2 ** 31);
const int32 = (name: string, value: number) => makeTensor(name, "int32", [1], new Int32Array([value]));

function integerModel(initializer: Tensor[], nodes: Node[]): Model {
  return makeModel(
    makeGraph({
      name: "overflow",
      input: [makeValue("x", "int32", [1])],
      output: [makeValue("y", "int32", [1])],
      initializer,
      node: nodes,
    }),
    { opset: 17 },
  );
}

/**
 * Divides the smallest integer by -1. ONNX Runtime looks out for zero alone; the quotient does not fit, at which an
 * x86 processor traps, so the process dies of SIGFPE. Constants alone are folded when the model is loaded.
 */
export function crashesWhenLoaded(): Model {
  return integerModel(
    [int32("a", smallest), int32("b", -1)],
    [node("Div", ["a", "b"], ["q"]), node("Add", ["x", "q"], ["y"])],
  );
}

/** The same division, of a number that is known only when the model runs. */
export function crashesWhenRun(): Model {
  return integerModel(
    [int32("zero", 0), int32("a", smallest), int32("b", -1)],
    [node("Mul", ["x", "zero"], ["z"]), node("Add", ["z", "a"], ["s"]), node("Div", ["s", "b"], ["y"])],
  );
}

/** A small file whose product of a column and a row takes 4 `size`² bytes. */
export function greedyModel(size: number): Model {
  return makeModel(
    makeGraph({
      name: "greedy",
      input: [makeValue("x", "float32", [1, size])],
      output: [makeValue("y", "float32", [1, 1])],
      initializer: [],
      node: [
        node("Transpose", ["x"], ["c"]),
        node("MatMul", ["c", "x"], ["p"]),
        node("ReduceMean", ["p"], ["y"]),
      ],
    }),
    { opset: 17 },
  );
}

/** A loop that counts for longer than anybody lives. */
export function endlessModel(): Model {
  const body = makeGraph({
    name: "body",
    input: [makeValue("i", "int64", []), makeValue("on", "bool", []), makeValue("v", "float32", [1])],
    output: [makeValue("still", "bool", []), makeValue("w", "float32", [1])],
    initializer: [makeTensor("one", "float32", [1], new Float32Array([1]))],
    node: [node("Identity", ["on"], ["still"]), node("Add", ["v", "one"], ["w"])],
  });
  return makeModel(
    makeGraph({
      name: "endless",
      input: [makeValue("x", "float32", [1])],
      output: [makeValue("y", "float32", [1])],
      initializer: [
        makeTensor("turns", "int64", [], new BigInt64Array([2n ** 62n])),
        makeTensor("go", "bool", [], new Uint8Array([1])),
      ],
      node: [
        node("Loop", ["turns", "go", "x"], ["y"], [{ name: "body", g: body, type: attributeType.graph }]),
      ],
    }),
    { opset: 17 },
  );
}
