import * as fc from "fast-check";
import { optionTables } from "../reader/options.ts";
import { anyShapes, describeOperator, shapes, size } from "../testing/describe-operator.ts";
import { bytesOf } from "../testing/values.ts";
import { elementsOf } from "../writer/constants.ts";

const same = "same" as const;
const exact = { float: 0, steps: 0 } as const;
const wholes = (data: readonly number[], shape: readonly number[] = [data.length]) => ({
  shape,
  type: "int32" as const,
  data,
});

describeOperator(
  "TOPK_V2",
  fc.record({ shape: shapes(1, 3), k: size(1, 3) }).map(({ shape, k }) => {
    const wide = [...shape.slice(0, -1), (shape.at(-1) ?? 1) + 2];
    const top = wide.with(-1, k);
    return {
      inputs: [{ shape: wide }, wholes([k], [])],
      outputs: [{ shape: top }, { shape: top, type: "int32" as const }],
      result: same,
    };
  }),
  { ...exact, forms: ["float32", "int8"] },
);

describeOperator(
  "ONE_HOT",
  fc
    .record({ shape: shapes(1, 3), depth: size(1, 6), at: fc.nat(3), isLast: fc.boolean() })
    .map(({ shape, depth, at, isLast }) => {
      const axis = isLast ? -1 : at % (shape.length + 1);
      return {
        inputs: [
          { shape, type: "int32" as const },
          wholes([depth], []),
          { shape: [], data: [1.5] },
          { shape: [], data: [-0.5] },
        ],
        outputs: [{ shape: shape.toSpliced(isLast ? shape.length : axis, 0, depth) }],
        options: { union: "OneHot", fields: optionTables.oneHot, values: { axis } },
        result: same,
      };
    }),
  {
    ...exact,
    forms: ["float32"],
    // Some indices are outside on either side.
    values: ({ shape }, random) =>
      bytesOf(
        "int32",
        Array.from({ length: elementsOf(shape) }, () => random.below(9) - 2),
      ),
  },
);

describeOperator(
  "SCATTER_ND",
  fc
    .record({ rows: size(2, 5), width: size(), picks: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }) })
    .map(({ rows, width, picks }) => ({
      inputs: [
        wholes(
          picks.map((pick) => pick % rows),
          [picks.length, 1],
        ),
        { shape: [picks.length, width] },
        wholes([rows, width]),
      ],
      outputs: [{ shape: [rows, width] }],
      result: same,
    })),
  { forms: ["float32"] },
);

describeOperator(
  "ZEROS_LIKE",
  anyShapes(1, 3).map((shape) => ({ inputs: [{ shape }], outputs: [{ shape }], result: same })),
  { ...exact, forms: ["float32"] },
);

describeOperator(
  "FILL",
  anyShapes(1, 3).map((shape) => ({
    inputs: [wholes(shape), { shape: [] }],
    outputs: [{ shape }],
    result: same,
  })),
  { ...exact, forms: ["float32"] },
);

describeOperator(
  "REVERSE_SEQUENCE",
  fc
    .record({ batch: size(), steps: size(2, 5), depth: size(), isTimeMajor: fc.boolean() })
    .map(({ batch, steps, depth, isTimeMajor }) => {
      const shape = isTimeMajor ? [steps, batch, depth] : [batch, steps, depth];
      return {
        inputs: [{ shape }, wholes(Array.from({ length: batch }, (_, item) => 1 + ((2 * item) % steps)))],
        outputs: [{ shape }],
        options: {
          union: "ReverseSequence",
          fields: optionTables.reverseSequence,
          values: isTimeMajor ? { sequenceDim: 0, batchDim: 1 } : { sequenceDim: 1, batchDim: 0 },
        },
        result: same,
      };
    }),
  { ...exact, forms: ["float32"] },
);

for (const name of ["REDUCE_ANY", "REDUCE_ALL"])
  describeOperator(
    name,
    fc.record({ shape: anyShapes(2, 3), keepDims: fc.constantFrom(0, 1) }).map(({ shape, keepDims }) => ({
      inputs: [{ shape, type: "bool" as const }, wholes([1])],
      outputs: [{ shape: keepDims === 1 ? shape.with(1, 1) : shape.toSpliced(1, 1), type: "bool" as const }],
      options: { union: "Reducer", fields: optionTables.reducer, values: { keepDims } },
      result: same,
    })),
    { ...exact, forms: ["float32"] },
  );

describeOperator(
  "L2_POOL_2D",
  fc
    .record({ h: size(2, 6), w: size(2, 6), c: size(1, 3), kernel: size(1, 2), stride: size(1, 2) })
    .map(({ h, w, c, kernel, stride }) => ({
      inputs: [{ shape: [1, h, w, c] }],
      outputs: [{ shape: [1, Math.ceil(h / stride), Math.ceil(w / stride), c] }],
      options: {
        union: "Pool2D",
        fields: optionTables.pool2d,
        values: { strideW: stride, strideH: stride, filterW: kernel, filterH: kernel },
      },
      result: same,
    })),
  { forms: ["float32"] },
);

describeOperator(
  "LOCAL_RESPONSE_NORMALIZATION",
  fc.record({ h: size(), w: size(), c: size(1, 6), radius: size(1, 3) }).map(({ h, w, c, radius }) => ({
    inputs: [{ shape: [1, h, w, c] }],
    outputs: [{ shape: [1, h, w, c] }],
    options: {
      union: "LocalResponseNormalization",
      fields: optionTables.localResponse,
      values: { radius, bias: 1, alpha: 0.1, beta: 0.75 },
    },
    result: same,
  })),
  { forms: ["float32"] },
);

describeOperator(
  "SELECT of rows",
  anyShapes(2, 3).map((shape) => ({
    inputs: [{ shape: shape.slice(0, 1), type: "bool" as const }, { shape }, { shape }],
    outputs: [{ shape }],
    result: same,
  })),
  { ...exact, forms: ["float32"] },
);
