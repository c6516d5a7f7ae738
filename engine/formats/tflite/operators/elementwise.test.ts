import * as fc from "fast-check";
import { optionTables } from "../reader/options.ts";
import type { Comparison } from "../testing/compare.ts";
import { describeOperator, shapes, size } from "../testing/describe-operator.ts";
import { bytesOf } from "../testing/values.ts";
import { elementsOf } from "../writer/constants.ts";

/** Values in a range, for operators that are defined there. */
const within =
  (least: number, most: number): NonNullable<Comparison["values"]> =>
  ({ type, shape }, random) =>
    type === "float32"
      ? bytesOf(
          type,
          Array.from({ length: elementsOf(shape) }, () => least + (most - least) * random.uniform()),
        )
      : undefined;

const unary = (
  result: "same" | { scale: number; zero?: number } = "same",
  options?: Parameters<typeof withOptions>[0],
) =>
  shapes(1, 5).map((shape) => ({
    inputs: [{ shape }],
    outputs: [{ shape }],
    ...(options === undefined ? {} : withOptions(options)),
    result,
  }));

function withOptions(options: {
  union: string;
  fields: (typeof optionTables)[keyof typeof optionTables];
  values: Record<string, number>;
}) {
  return { options };
}

for (const name of ["ABS", "RELU", "RELU6", "RELU_N1_TO_1"])
  describeOperator(name, unary(), { forms: ["float32", "int8"] });
describeOperator("RELU_0_TO_1", unary(), { forms: ["float32"] });
const both = { forms: ["float32", "int8", "uint8"] } as const;
describeOperator("HARD_SWISH", unary({ scale: 0.07, zero: -100 }), both);
describeOperator("ELU", unary({ scale: 0.05, zero: -90 }));
describeOperator("LOGISTIC", unary({ scale: 1 / 256, zero: -128 }), both);
describeOperator("TANH", unary({ scale: 1 / 128 }), both);
describeOperator("NEG", unary(), { forms: ["float32"] });
for (const name of ["CEIL", "FLOOR", "ROUND", "SQUARE", "SIN", "COS", "EXP"])
  describeOperator(name, unary(), { forms: ["float32"] });
for (const name of ["LOG", "SQRT", "RSQRT"])
  describeOperator(name, unary(), { forms: ["float32"], values: within(0.01, 50) });
for (const approximate of [0, 1])
  describeOperator(
    `GELU ${approximate === 1 ? "by tanh" : "by erf"}`,
    unary({ scale: 0.05, zero: -100 }, { union: "Gelu", fields: optionTables.gelu, values: { approximate } }),
  );
describeOperator(
  "LEAKY_RELU",
  unary(
    { scale: 0.05, zero: -60 },
    { union: "LeakyRelu", fields: optionTables.leakyRelu, values: { alpha: 0.2 } },
  ),
);
describeOperator(
  "PRELU",
  shapes(4, 4).map((shape) => ({
    inputs: [{ shape }, { shape: [1, 1, shape[3] ?? 1], role: "constant" as const }],
    outputs: [{ shape }],
    result: { scale: 0.08 },
  })),
);

/** Two sides: both given, or one a constant; of one shape, of one value, or of the channels alone. */
const pairs = (union: string, activations: readonly number[]) =>
  fc
    .record({
      shape: shapes(2, 4),
      side: fc.constantFrom("both", "channels", "scalar"),
      activation: fc.constantFrom(...activations),
    })
    .map(({ shape, side, activation }) => ({
      inputs: [
        { shape },
        side === "both"
          ? { shape }
          : { shape: side === "scalar" ? [] : shape.slice(-1), role: "constant" as const },
      ],
      outputs: [{ shape }],
      options: { union, fields: optionTables.activated, values: { activation } },
      result: { scale: 0.1, zero: 7 },
    }));

describeOperator("ADD", pairs("Add", [0, 1, 2, 3]), { forms: ["float32", "int8", "uint8"], runs: 24 });
describeOperator("SUB", pairs("Sub", [0, 1, 2, 3]), { forms: ["float32", "int8", "uint8"], runs: 24 });
describeOperator("MUL", pairs("Mul", [0, 1, 2, 3]), { forms: ["float32", "int8", "uint8"], runs: 24 });
describeOperator("DIV", pairs("Div", [0, 1, 2, 3]), { forms: ["float32"], values: within(0.5, 4), runs: 24 });
for (const name of ["MAXIMUM", "MINIMUM"])
  describeOperator(
    name,
    shapes(1, 4).map((shape) => ({
      inputs: [{ shape }, { shape }],
      outputs: [{ shape }],
      options: { union: "MaximumMinimum" },
      result: "same" as const,
    })),
    { steps: 0 },
  );
for (const name of ["POW", "SQUARED_DIFFERENCE", "FLOOR_DIV", "FLOOR_MOD"])
  describeOperator(
    name,
    shapes(1, 4).map((shape) => ({
      inputs: [{ shape }, { shape }],
      outputs: [{ shape }],
      result: "same" as const,
    })),
    { forms: ["float32"], values: within(0.5, 4) },
  );
describeOperator(
  "ADD_N",
  fc.record({ shape: shapes(1, 3), count: size(2, 4) }).map(({ shape, count }) => ({
    inputs: Array.from({ length: count }, () => ({ shape })),
    outputs: [{ shape }],
    result: "same" as const,
  })),
  { forms: ["float32"] },
);

describeOperator(
  "SOFTMAX",
  fc.record({ shape: shapes(2, 4), beta: fc.constantFrom(1, 0.5, 2) }).map(({ shape, beta }) => ({
    inputs: [{ shape }],
    outputs: [{ shape }],
    options: { union: "Softmax", fields: optionTables.softmax, values: { beta } },
    result: { scale: 1 / 256, zero: -128 },
  })),
);
describeOperator("LOG_SOFTMAX", unary({ scale: 16 / 256, zero: 127 }), { forms: ["float32"] });
describeOperator("L2_NORMALIZATION", unary({ scale: 1 / 128 }), { forms: ["float32"] });

const sides = shapes(1, 3).map((shape) => ({
  inputs: [{ shape }, { shape }],
  outputs: [{ shape, type: "bool" as const }],
  result: "same" as const,
}));
for (const name of ["EQUAL", "NOT_EQUAL", "LESS", "LESS_EQUAL", "GREATER", "GREATER_EQUAL"])
  describeOperator(name, sides, { steps: 0, float: 0 });
for (const name of ["LOGICAL_AND", "LOGICAL_OR"])
  describeOperator(
    name,
    shapes(1, 3).map((shape) => ({
      inputs: [
        { shape, type: "bool" as const },
        { shape, type: "bool" as const },
      ],
      outputs: [{ shape, type: "bool" as const }],
      result: "same" as const,
    })),
    { forms: ["float32"], float: 0 },
  );
describeOperator(
  "LOGICAL_NOT",
  shapes(1, 3).map((shape) => ({
    inputs: [{ shape, type: "bool" as const }],
    outputs: [{ shape, type: "bool" as const }],
    result: "same" as const,
  })),
  { forms: ["float32"], float: 0 },
);
for (const name of ["SELECT", "SELECT_V2"])
  describeOperator(
    name,
    shapes(1, 3).map((shape) => ({
      inputs: [{ shape, type: "bool" as const }, { shape }, { shape }],
      outputs: [{ shape }],
      result: "same" as const,
    })),
    { steps: 0, float: 0 },
  );
