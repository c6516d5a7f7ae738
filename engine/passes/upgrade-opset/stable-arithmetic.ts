import { makeFloat, makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { node, weight } from "../testing/build.ts";
import { op } from "./adapter-cases.ts";
import { collect } from "./collect-cases.ts";

const { cases, add } = collect();

/** Operators that compute and need nothing between versions, in the oldest opset that ONNX Runtime runs them in. */
export const stableArithmetic = cases;

/** ONNX Runtime runs some operators of opset 6 too. */
for (const name of "Abs Ceil Elu Exp Floor HardSigmoid LeakyRelu Log Neg Reciprocal Relu Selu Sigmoid Sqrt Tanh".split(
  " ",
)) {
  add(`${name} of opset 6`, 6, [2, 3], [node("Abs", ["x"], ["i"]), node(name, ["i"], ["y"])], [], 1e-7);
}

/** Operators of one input without attributes. */
for (const [opset, names] of [
  [
    7,
    "Abs Ceil Cos Elu Exp Floor HardSigmoid Identity LeakyRelu LogSoftmax Neg Reciprocal Relu Selu Sigmoid Sin Softplus Softsign Tan Tanh",
  ],
  [9, "Atan Asinh Cosh Erf Sign Sinh Shrink"],
  [10, "ThresholdedRelu"],
  [11, "Round"],
  [12, "Celu"],
  [14, "HardSwish"],
] as const) {
  for (const name of names.split(" ")) add(name, opset, [2, 3], op(name), [], 1e-7);
}

/** Operators of two inputs, with broadcasting. */
for (const name of ["Add", "Sub", "Mul", "Div", "Pow"]) {
  const nodes = [node("Abs", ["x"], ["p"]), node(name, ["p", "w"], ["y"])];
  add(name, 7, [2, 3], nodes, [weight("w", [3], 5)]);
}
for (const name of ["Max", "Min", "Sum", "Mean"])
  add(name, 8, [2, 3], op(name, [], ["w"]), [weight("w", [3], 5)]);

const toFloat = (from: string) => node("Cast", [from], ["y"], [makeInt("to", 1)]);
for (const [name, opset] of [
  ["Equal", 11],
  ["Less", 9],
  ["Greater", 9],
  ["LessOrEqual", 12],
  ["GreaterOrEqual", 12],
] as const) {
  add(name, opset, [2, 3], [node(name, ["x", "w"], ["b"]), toFloat("b")], [weight("w", [3], 5)]);
}
for (const name of ["And", "Or", "Xor"]) {
  const nodes = [
    node("Greater", ["x", "w"], ["a"]),
    node("Less", ["x", "v"], ["b"]),
    node(name, ["a", "b"], ["c"]),
    node("Not", ["c"], ["d"]),
    toFloat("d"),
  ];
  add(`${name} and Not`, 9, [2, 3], nodes, [weight("w", [3], 5), weight("v", [3], 6)]);
}
for (const name of ["IsNaN", "IsInf"])
  add(name, name === "IsNaN" ? 9 : 10, [2], [node(name, ["x"], ["b"]), toFloat("b")]);

/** Windows. */
const window = [
  makeInts("kernel_shape", [3, 3]),
  makeInts("strides", [2, 2]),
  makeInts("pads", [1, 0, 1, 1]),
];
add(
  "Conv",
  7,
  [1, 2, 6, 6],
  op("Conv", window, ["w", "b"]),
  [weight("w", [3, 2, 3, 3], 5), weight("b", [3], 6)],
  1e-6,
);
add(
  "Conv, SAME_LOWER",
  7,
  [1, 2, 6, 6],
  op("Conv", [makeString("auto_pad", "SAME_LOWER"), makeInts("strides", [2, 2])], ["w"]),
  [weight("w", [3, 2, 3, 3], 5)],
  1e-6,
);
add(
  "ConvTranspose",
  7,
  [1, 2, 4, 4],
  op("ConvTranspose", [...window, makeInts("output_padding", [1, 0])], ["w"]),
  [weight("w", [2, 3, 3, 3], 5)],
  1e-6,
);
for (const mode of ["SAME_UPPER", "SAME_LOWER"]) {
  add(
    `ConvTranspose, ${mode}`,
    7,
    [1, 2, 4, 4],
    op("ConvTranspose", [makeString("auto_pad", mode), makeInts("strides", [2, 2])], ["w"]),
    [weight("w", [2, 3, 3, 3], 5)],
    1e-6,
  );
}
for (const name of ["MaxPool", "AveragePool"]) {
  add(name, 7, [1, 2, 6, 6], op(name, window), [], 1e-7);
  add(
    `${name}, SAME_UPPER`,
    7,
    [1, 2, 5, 5],
    op(name, [
      makeInts("kernel_shape", [2, 2]),
      makeInts("strides", [2, 2]),
      makeString("auto_pad", "SAME_UPPER"),
    ]),
    [],
    1e-7,
  );
  add(`${name}, ceil mode`, 10, [1, 2, 6, 7], op(name, [...window, makeInt("ceil_mode", 1)]), [], 1e-7);
}
add(
  "AveragePool with its padding",
  7,
  [1, 2, 6, 6],
  op("AveragePool", [...window, makeInt("count_include_pad", 1)]),
  [],
  1e-7,
);
add(
  "AveragePool with its padding, ceil mode",
  10,
  [1, 2, 6, 6],
  op("AveragePool", [...window, makeInt("count_include_pad", 1), makeInt("ceil_mode", 1)]),
  [],
  1e-7,
);
add("LpPool", 7, [1, 2, 6, 6], op("LpPool", window), [], 1e-6);
for (const name of ["GlobalAveragePool", "GlobalMaxPool", "GlobalLpPool"])
  add(name, 7, [1, 2, 3, 3], op(name), [], 1e-6);
add(
  "MaxPool and MaxUnpool",
  9,
  [1, 1, 4, 4],
  [
    node("MaxPool", ["x"], ["m", "at"], [makeInts("kernel_shape", [2, 2]), makeInts("strides", [2, 2])]),
    node("MaxUnpool", ["m", "at"], ["y"], [makeInts("kernel_shape", [2, 2]), makeInts("strides", [2, 2])]),
  ],
);

/** Matrices, normalisation, recurrence. */
add("MatMul", 7, [2, 3], op("MatMul", [], ["w"]), [weight("w", [3, 4], 5)], 1e-6);
add(
  "Gemm",
  7,
  [2, 3],
  op("Gemm", [makeInt("transB", 1), makeFloat("alpha", 0.5), makeFloat("beta", 2)], ["w", "b"]),
  [weight("w", [4, 3], 5), weight("b", [4], 6)],
  1e-6,
);
add(
  "Einsum",
  12,
  [2, 3],
  op("Einsum", [makeString("equation", "ij,jk->ki")], ["w"]),
  [weight("w", [3, 4], 5)],
  1e-6,
);
add(
  "InstanceNormalization",
  7,
  [2, 3, 4],
  op("InstanceNormalization", [], ["s", "b"]),
  [weight("s", [3], 5), weight("b", [3], 6)],
  1e-6,
);
add("LRN", 7, [1, 4, 3, 3], op("LRN", [makeInt("size", 3)]), [], 1e-6);
add("LpNormalization", 7, [2, 3], op("LpNormalization"), [], 1e-6);
add("MeanVarianceNormalization", 9, [2, 2, 3, 3], op("MeanVarianceNormalization"), [], 1e-6);
add("LayerNormalization", 17, [2, 3], op("LayerNormalization", [], ["s"]), [weight("s", [3], 5)], 1e-6);
add("PRelu", 7, [2, 3], op("PRelu", [], ["w"]), [weight("w", [3], 5)]);
for (const [name, gates] of [
  ["RNN", 1],
  ["GRU", 3],
  ["LSTM", 4],
] as const) {
  const hidden = [makeInt("hidden_size", 2), makeString("direction", "bidirectional")];
  const weights = [
    weight("W", [2, 2 * gates, 3], 5),
    weight("R", [2, 2 * gates, 2], 6),
    weight("B", [2, 4 * gates], 7),
  ];
  add(name, 7, [4, 1, 3], [node(name, ["x", "W", "R", "B"], ["y"], hidden)], weights, 1e-6);
}
