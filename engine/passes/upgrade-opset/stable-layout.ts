import { makeFloat, makeInt, makeInts, makeString, makeTensorAttribute } from "#engine/onnx/attributes.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute } from "#engine/onnx/model.ts";
import { floats, graph, graphAttribute, int64s, node, value, weight } from "../testing/build.ts";
import { op } from "./adapter-cases.ts";
import { collect } from "./collect-cases.ts";

const { cases, add } = collect();

/** As `stableArithmetic`, of operators that choose and rearrange, of integers and of graphs in attributes. */
export const stableLayout = cases;

const toFloat = (from: string) => node("Cast", [from], ["y"], [makeInt("to", 1)]);

/** Layout and selection. */
add("Concat", 7, [2, 3], op("Concat", [makeInt("axis", 1)], ["w"]), [weight("w", [2, 2], 5)]);
add("Transpose", 7, [2, 3, 4], op("Transpose", [makeInts("perm", [2, 0, 1])]));
add("Flatten", 7, [2, 3, 4], op("Flatten", [makeInt("axis", 2)]));
add("Reshape", 7, [2, 6], op("Reshape", [], ["w"]), [int64s("w", [0, -1, 3])]);
add("Expand", 8, [2, 1], op("Expand", [], ["w"]), [int64s("w", [2, 3])]);
add("Tile", 7, [2, 3], op("Tile", [], ["w"]), [int64s("w", [2, 1])]);
add("Gather", 7, [4, 3], op("Gather", [makeInt("axis", 0)], ["w"]), [int64s("w", [2, 0])]);
add("GatherElements", 11, [3, 3], op("GatherElements", [makeInt("axis", 1)], ["w"]), [
  int64s("w", [2, 0, 1], [3, 1]),
]);
add("GatherND", 11, [3, 3], op("GatherND", [], ["w"]), [int64s("w", [0, 1, 2, 2], [2, 2])]);
add("ScatterElements", 11, [3, 3], op("ScatterElements", [], ["w", "u"]), [
  int64s("w", [2, 0, 1], [1, 3]),
  weight("u", [1, 3], 4),
]);
add("ScatterND", 11, [3, 3], op("ScatterND", [], ["w", "u"]), [
  int64s("w", [2, 0], [2, 1]),
  weight("u", [2, 3], 4),
]);
add(
  "Where",
  9,
  [2, 3],
  [node("Greater", ["x", "w"], ["c"]), node("Where", ["c", "x", "w"], ["y"])],
  [weight("w", [3], 5)],
);
add("Compress", 9, [3, 2], op("Compress", [makeInt("axis", 0)], ["w"]), [
  makeTensor("w", "bool", [3], Uint8Array.of(1, 0, 1)),
]);
add("DepthToSpace", 7, [1, 4, 2, 2], op("DepthToSpace", [makeInt("blocksize", 2)]));
add("SpaceToDepth", 7, [1, 1, 4, 4], op("SpaceToDepth", [makeInt("blocksize", 2)]));
add("Trilu", 14, [3, 3], op("Trilu"));
add("ReverseSequence", 10, [4, 2], op("ReverseSequence", [], ["w"]), [int64s("w", [3, 2])]);
add("EyeLike", 9, [3, 3], [node("EyeLike", ["x"], ["e"]), node("Add", ["e", "x"], ["y"])]);
add("CumSum", 11, [3, 2], op("CumSum", [makeInt("exclusive", 1)], ["w"]), [int64s("w", [0], [])]);
add("Det", 11, [3, 3], op("Det"), [], 1e-6);
add("Mod", 10, [2, 3], op("Mod", [makeInt("fmod", 1)], ["w"]), [weight("w", [3], 5)]);
for (const [name, opset] of [
  ["ArgMax", 7],
  ["ArgMin", 7],
] as const) {
  add(name, opset, [2, 3], [node(name, ["x"], ["i"], [makeInt("axis", 1)]), toFloat("i")]);
}
const indices = node("Cast", ["x"], ["i"], [makeInt("to", 7)]);
add(
  "OneHot",
  9,
  [2, 2],
  [indices, node("OneHot", ["i", "d", "v"], ["y"])],
  [int64s("d", [3], []), floats("v", [2], [0, 1])],
);
add(
  "Shape, Size, ConstantOfShape",
  9,
  [2, 3],
  [
    node("Shape", ["x"], ["s"]),
    node("ConstantOfShape", ["s"], ["c"], [makeTensorAttribute("value", floats("", [1], [2]))]),
    node("Size", ["x"], ["n"]),
    node("Cast", ["n"], ["f"], [makeInt("to", 1)]),
    node("Mul", ["c", "f"], ["y"]),
  ],
);
add(
  "Range",
  11,
  [2],
  [node("Range", ["a", "b", "c"], ["r"]), node("Add", ["r", "x"], ["y"])],
  [floats("a", [], [0]), floats("b", [], [4]), floats("c", [], [2])],
);
add("NonZero", 9, [2, 3], [node("NonZero", ["x"], ["i"]), toFloat("i")]);
add("Unique", 11, [4], op("Unique"));
add(
  "BitShift",
  11,
  [3],
  [
    node("Cast", ["x"], ["u"], [makeInt("to", 2)]),
    node("BitShift", ["u", "w"], ["b"], [makeString("direction", "LEFT")]),
    toFloat("b"),
  ],
  [makeTensor("w", "uint8", [1], Uint8Array.of(2))],
);
add(
  "NonMaxSuppression",
  10,
  [1, 3, 4],
  [node("NonMaxSuppression", ["x", "s", "n"], ["i"]), toFloat("i")],
  [weight("s", [1, 1, 3], 5), int64s("n", [2])],
);

/** Quantised operators. */
const q = [floats("q", [], [0.01]), makeTensor("z", "uint8", [], Uint8Array.of(128))];
add(
  "QuantizeLinear and DequantizeLinear",
  10,
  [2, 3],
  [node("QuantizeLinear", ["x", "q", "z"], ["u"]), node("DequantizeLinear", ["u", "q", "z"], ["y"])],
  q,
);
add(
  "DynamicQuantizeLinear and MatMulInteger",
  11,
  [2, 3],
  [
    node("DynamicQuantizeLinear", ["x"], ["u", "s", "o"]),
    node("MatMulInteger", ["u", "w", "o"], ["m"]),
    toFloat("m"),
  ],
  [makeTensor("w", "int8", [3, 2], Int8Array.of(1, -2, 3, 4, 5, -6))],
);
add(
  "QLinearMatMul",
  10,
  [2, 3],
  [
    node("QuantizeLinear", ["x", "q", "z"], ["u"]),
    node("QLinearMatMul", ["u", "q", "z", "w", "q", "z", "q", "z"], ["m"]),
    node("DequantizeLinear", ["m", "q", "z"], ["y"]),
  ],
  [...q, makeTensor("w", "uint8", [3, 2], Uint8Array.of(1, 200, 3, 40, 150, 60))],
);
add(
  "QLinearConv",
  10,
  [1, 1, 4, 4],
  [
    node("QuantizeLinear", ["x", "q", "z"], ["u"]),
    node("QLinearConv", ["u", "q", "z", "w", "q", "z", "q", "z"], ["m"]),
    node("DequantizeLinear", ["m", "q", "z"], ["y"]),
  ],
  [...q, makeTensor("w", "uint8", [1, 1, 2, 2], Uint8Array.of(1, 200, 3, 40))],
);
add(
  "ConvInteger",
  10,
  [1, 1, 4, 4],
  [node("QuantizeLinear", ["x", "q", "z"], ["u"]), node("ConvInteger", ["u", "w", "z"], ["m"]), toFloat("m")],
  [...q, makeTensor("w", "uint8", [1, 1, 2, 2], Uint8Array.of(1, 200, 3, 40))],
);

add(
  "Constant",
  7,
  [2],
  [
    node("Constant", [], ["c"], [makeTensorAttribute("value", floats("", [2], [1, 2]))]),
    node("Add", ["x", "c"], ["y"]),
  ],
);

/** Resize in its modes. */
const region = [floats("r", [0], []), floats("s", [4], [1, 1, 1.7, 2])];
const resizes: [string, Attribute[]][] = [
  ["linear, half pixel", [makeString("mode", "linear")]],
  [
    "linear, align corners",
    [makeString("mode", "linear"), makeString("coordinate_transformation_mode", "align_corners")],
  ],
  [
    "cubic, PyTorch",
    [
      makeString("mode", "cubic"),
      makeString("coordinate_transformation_mode", "pytorch_half_pixel"),
      makeFloat("cubic_coeff_a", -0.75),
    ],
  ],
  [
    "nearest, asymmetric",
    [makeString("coordinate_transformation_mode", "asymmetric"), makeString("nearest_mode", "floor")],
  ],
];
for (const [name, attributes] of resizes)
  add(`Resize, ${name}`, 11, [1, 1, 4, 4], op("Resize", attributes, ["r", "s"]), region, 1e-6);

/** Graphs in attributes. */
const body = graph({
  name: "body",
  input: [value("i", [], "int64"), value("k", [], "bool"), value("a", [2])],
  node: [node("Add", ["a", "x"], ["b"]), node("Identity", ["k"], ["k2"])],
  output: [value("k2", [], "bool"), value("b", [2])],
});
add(
  "Loop",
  11,
  [2],
  [node("Loop", ["n", "", "x"], ["y"], [graphAttribute("body", body)])],
  [int64s("n", [3], [])],
);
const step = graph({
  name: "step",
  input: [value("h", [2]), value("e", [2])],
  node: [node("Add", ["h", "e"], ["h2"]), node("Tanh", ["h2"], ["o"])],
  output: [value("h2", [2]), value("o", [2])],
});
add(
  "Scan",
  9,
  [3, 2],
  [node("Scan", ["h0", "x"], ["end", "y"], [graphAttribute("body", step), makeInt("num_scan_inputs", 1)])],
  [weight("h0", [2], 5)],
);
