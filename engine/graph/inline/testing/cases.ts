import { makeFloat, makeInt, makeInts, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import { type Attribute, attributeType, type Graph, type Model, type Node } from "#engine/onnx/model.ts";
import {
  choice,
  floats,
  graph,
  graphAttribute,
  int64s,
  node,
  value,
  weight,
} from "#engine/passes/testing/build.ts";
import { body, call, withFunctions } from "./build.ts";

const reference = (name: string, refAttrName: string, type: number): Attribute => ({
  name,
  refAttrName,
  type,
});
const constant = (output: string, seed: number, dims = [8, 8]) =>
  node("Constant", [], [output], [makeTensorAttribute("value", weight("", dims, seed))]);

/** A main graph from "x" to "y", both of shape [4, 8]. */
function main(nodes: Node[], more: Partial<Graph> = {}): Graph {
  return {
    ...graph({ input: [value("x", [4, 8])], output: [value("y", [4, 8])], node: nodes }),
    ...more,
  };
}

const dense = body(
  "dense",
  ["a", "w", "b"],
  ["r"],
  [node("MatMul", ["a", "w"], ["h"]), node("Add", ["h", "b"], ["s"]), node("Relu", ["s"], ["r"])],
);

const leaky = (defaults: boolean) =>
  body("leaky", ["a"], ["r"], [node("LeakyRelu", ["a"], ["r"], [reference("alpha", "slope", 1)])], {
    ...(defaults ? { attributeProto: [makeFloat("slope", 0.5)] } : { attribute: ["slope"] }),
  });

const branch = (name: string, nodes: Node[], output: string, initializer: Graph["initializer"] = []) =>
  graph({ name, node: nodes, output: [value(output, [4, 8])], initializer });

const choose = body(
  "choose",
  ["a", "c"],
  ["r"],
  [
    node("Relu", ["a"], ["h"]),
    choice(
      "c",
      "r",
      branch("yes", [node("Add", ["h", "k"], ["t"])], "t", [weight("k", [8], 3)]),
      branch("no", [node("Neg", ["h"], ["k"])], "k"),
    ),
  ],
);

/** Models with local functions that ONNX Runtime runs, by what is special about them. */
export const functionCases: Readonly<Record<string, () => Model>> = {
  "a function called twice, with weights as arguments, one of them shared": () =>
    withFunctions(
      main([call("dense", ["x", "w", "b"], ["h"]), call("dense", ["h", "w", "b2"], ["y"])], {
        initializer: [weight("w", [8, 8]), weight("b", [8], 2), weight("b2", [8], 3)],
      }),
      [dense],
    ),
  "functions that call functions, called in an order other than that of the file": () =>
    withFunctions(
      main([call("outer", ["x", "w", "b"], ["y"])], {
        initializer: [weight("w", [8, 8]), weight("b", [8], 2)],
      }),
      [
        body(
          "outer",
          ["a", "w", "b"],
          ["r"],
          [
            call("dense", ["a", "w", "b"], ["h"]),
            call("middle", ["h", "w", "b"], ["s"]),
            node("Sub", ["s", "h"], ["r"]),
          ],
        ),
        body(
          "middle",
          ["a", "w", "b"],
          ["r"],
          [call("dense", ["a", "w", "b"], ["h"]), call("dense", ["h", "w", "b"], ["r"])],
        ),
        dense,
      ],
    ),
  "weights in Constant nodes of a body that is called three times": () =>
    withFunctions(main([call("f", ["x"], ["a"]), call("f", ["a"], ["b"]), call("f", ["b"], ["y"])]), [
      body(
        "f",
        ["a"],
        ["r"],
        [constant("w", 5), node("MatMul", ["a", "w"], ["m"]), node("Tanh", ["m"], ["r"])],
      ),
    ]),
  "names of a body that the graph around has too": () =>
    withFunctions(
      main(
        [node("Neg", ["x"], ["h"]), call("dense", ["h", "w", "b"], ["s"]), node("Add", ["s", "h"], ["y"])],
        {
          initializer: [weight("w", [8, 8]), weight("b", [8], 2)],
        },
      ),
      [dense],
    ),
  "arguments that have the names of other formal inputs": () =>
    withFunctions(
      main([node("Neg", ["x"], ["b"]), call("sub", ["b", "a"], ["y"])], { initializer: [weight("a", [8])] }),
      [body("sub", ["a", "b"], ["r"], [node("Sub", ["a", "b"], ["r"])])],
    ),
  "a graph in a body, called twice": () =>
    withFunctions(
      main([call("choose", ["x", "yes"], ["h"]), call("choose", ["h", "no"], ["y"])], {
        initializer: [
          makeTensor("yes", "bool", [], Uint8Array.of(1)),
          makeTensor("no", "bool", [], Uint8Array.of(0)),
        ],
      }),
      [choose],
    ),
  "calls in the branches of an If": () =>
    withFunctions(
      main(
        [
          choice(
            "c",
            "y",
            branch("yes", [call("leaky", ["x"], ["t"])], "t"),
            branch("no", [call("leaky", ["x"], ["e"], [makeFloat("slope", 2)])], "e"),
          ),
        ],
        { input: [value("x", [4, 8]), value("c", [], "bool")] },
      ),
      [leaky(true)],
    ),
  "a loop in a body, that reads an input of the body": () => {
    const turn = graph({
      name: "turn",
      input: [value("i", [], "int64"), value("go", [], "bool"), value("s", [4, 8])],
      node: [call("scaled", ["s", "a"], ["s2"]), node("Identity", ["go"], ["on"])],
      output: [value("on", [], "bool"), value("s2", [4, 8])],
    });
    return withFunctions(main([call("looped", ["x", "n"], ["y"])], { initializer: [int64s("n", [3], [])] }), [
      body(
        "looped",
        ["a", "n"],
        ["r"],
        [node("Loop", ["n", "", "a"], ["r"], [graphAttribute("body", turn)])],
      ),
      body("scaled", ["s", "i"], ["go"], [node("Mul", ["s", "i"], ["t"]), node("Add", ["t", "i"], ["go"])]),
    ]);
  },
  "an attribute that the call gives": () =>
    withFunctions(main([call("leaky", ["x"], ["y"], [makeFloat("slope", 0.25)])]), [leaky(false)]),
  "an attribute without a default that the call leaves out": () =>
    withFunctions(main([call("leaky", ["x"], ["y"])]), [leaky(false)]),
  "an attribute with a default": () => withFunctions(main([call("leaky", ["x"], ["y"])]), [leaky(true)]),
  "an attribute handed on to a function inside": () =>
    withFunctions(main([call("outer", ["x"], ["y"], [makeFloat("steep", 0.75)])]), [
      leaky(true),
      body("outer", ["a"], ["r"], [call("leaky", ["a"], ["r"], [reference("slope", "steep", 1)])], {
        attribute: ["steep"],
      }),
    ]),
  "attributes that are tensors and lists": () =>
    withFunctions(
      main([
        call(
          "f",
          ["x"],
          ["h"],
          [makeTensorAttribute("weights", weight("", [8, 8], 4)), makeInts("order", [1, 0])],
        ),
        node("Transpose", ["h"], ["y"], [makeInts("perm", [1, 0])]),
      ]),
      [
        body(
          "f",
          ["a"],
          ["r"],
          [
            node("Constant", [], ["w"], [reference("value", "weights", attributeType.tensor)]),
            node("MatMul", ["a", "w"], ["m"]),
            node("Transpose", ["m"], ["r"], [reference("perm", "order", attributeType.ints)]),
          ],
          { attribute: ["weights", "order"] },
        ),
      ],
    ),
  "an attribute in a graph in the body": () =>
    withFunctions(
      main([call("f", ["x", "c"], ["y"], [makeFloat("slope", 0.25)])], {
        input: [value("x", [4, 8]), value("c", [], "bool")],
      }),
      [
        body(
          "f",
          ["a", "c"],
          ["r"],
          [
            choice(
              "c",
              "r",
              branch("yes", [node("LeakyRelu", ["a"], ["t"], [reference("alpha", "slope", 1)])], "t"),
              branch("no", [node("Neg", ["a"], ["e"])], "e"),
            ),
          ],
          { attribute: ["slope"] },
        ),
      ],
    ),
  "inputs and outputs left out": () =>
    withFunctions(
      main([call("clipped", ["x", "", "high"], ["h", ""]), call("clipped", ["h"], ["", "y"])], {
        initializer: [floats("high", [], [0.5])],
      }),
      [
        body(
          "clipped",
          ["a", "low", "high"],
          ["r", "n"],
          [node("Clip", ["a", "low", "high"], ["r"]), node("Neg", ["r"], ["n"])],
        ),
      ],
    ),
  "outputs that are outputs of the model, read elsewhere too": () =>
    withFunctions(
      main([call("two", ["x"], ["y", "z"]), node("Add", ["y", "z"], ["s"])], {
        output: [value("y", [4, 8]), value("z", [4, 8]), value("s", [4, 8])],
      }),
      [body("two", ["a"], ["p", "q"], [node("Relu", ["a"], ["p"]), node("Neg", ["p"], ["q"])])],
    ),
  "an axis as an attribute of several nodes": () =>
    withFunctions(main([call("norm", ["x"], ["y"], [makeInt("along", 1)])]), [
      body(
        "norm",
        ["a"],
        ["r"],
        [
          node("Softmax", ["a"], ["p"], [reference("axis", "along", 2)]),
          node("LogSoftmax", ["p"], ["r"], [reference("axis", "along", 2)]),
        ],
        { attribute: ["along"] },
      ),
    ]),
};
