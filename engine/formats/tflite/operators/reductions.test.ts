import * as fc from "fast-check";
import { optionTables } from "../reader/options.ts";
import { anyShapes, describeOperator, shapes, size } from "../testing/describe-operator.ts";

const wholes = (data: readonly number[], shape: readonly number[] = [data.length]) => ({
  shape,
  type: "int32" as const,
  data,
});

const reduced = (result: "same" | { scale: number; zero?: number }) =>
  anyShapes(2, 4)
    .chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        axes: fc.subarray([...shape.keys()], { minLength: 1 }),
        keepDims: fc.constantFrom(0, 1),
        isBack: fc.boolean(),
      }),
    )
    .map(({ shape, axes, keepDims, isBack }) => ({
      inputs: [{ shape }, wholes(axes.map((axis) => (isBack ? axis - shape.length : axis)))],
      outputs: [
        {
          shape: shape.flatMap((dim, axis) => {
            if (!axes.includes(axis)) return [dim];
            return keepDims === 1 ? [1] : [];
          }),
        },
      ],
      options: { union: "Reducer", fields: optionTables.reducer, values: { keepDims } },
      result,
    }));

describeOperator("MEAN", reduced({ scale: 0.05, zero: 3 }), {
  forms: ["float32", "int8", "uint8"],
  runs: 24,
});
describeOperator("SUM", reduced({ scale: 0.4 }), { runs: 24 });
for (const name of ["REDUCE_MAX", "REDUCE_MIN"]) describeOperator(name, reduced("same"), { steps: 0 });
describeOperator("REDUCE_PROD", reduced("same"), { forms: ["float32"] });

for (const name of ["ARG_MAX", "ARG_MIN"])
  describeOperator(
    name,
    fc
      .record({ shape: anyShapes(1, 3), at: fc.nat(3), code: fc.constantFrom(2, 4) })
      .map(({ shape, at, code }) => ({
        inputs: [{ shape }, wholes([at % shape.length], [])],
        outputs: [
          {
            shape: shape.toSpliced(at % shape.length, 1),
            type: code === 2 ? ("int32" as const) : ("int64" as const),
          },
        ],
        options: {
          union: name === "ARG_MAX" ? "ArgMax" : "ArgMin",
          fields: { outputType: { at: 0, kind: "byte" as const, fallback: 0 } },
          values: { outputType: code },
        },
        result: "same" as const,
      })),
    { steps: 0, float: 0 },
  );

describeOperator(
  "CUMSUM",
  fc
    .record({ shape: anyShapes(1, 3), exclusive: fc.constantFrom(0, 1), reverse: fc.constantFrom(0, 1) })
    .map(({ shape, ...values }) => ({
      inputs: [{ shape }, wholes([shape.length - 1], [])],
      outputs: [{ shape }],
      options: { union: "Cumsum", fields: optionTables.cumsum, values },
      result: "same" as const,
    })),
  { forms: ["float32"] },
);

describeOperator(
  "FULLY_CONNECTED",
  fc
    .record({
      rows: shapes(1, 3),
      depth: size(1, 9),
      units: size(1, 6),
      activation: fc.constantFrom(0, 1, 2, 3),
      keepNumDims: fc.constantFrom(0, 1),
    })
    .map(({ rows, depth, units, activation, keepNumDims }) => ({
      inputs: [
        { shape: [...rows, depth] },
        // One scale for all, as converters write it.
        { shape: [units, depth], role: "weight" as const },
        { shape: [units], role: "bias" as const },
      ],
      outputs: [
        { shape: keepNumDims === 1 ? [...rows, units] : [rows.reduce((all, dim) => all * dim, 1), units] },
      ],
      options: {
        union: "FullyConnected",
        fields: optionTables.fullyConnected,
        values: { activation, keepNumDims },
      },
      result: { scale: 0.15, zero: -4 },
    })),
  { forms: ["float32", "int8", "uint8", "int16"], runs: 24 },
);

describeOperator(
  "FULLY_CONNECTED with int8 weights of one scale per unit",
  fc.record({ depth: size(2, 9), units: size(1, 6) }).map(({ depth, units }) => ({
    inputs: [
      { shape: [1, depth] },
      { shape: [units, depth], role: "weight" as const, axis: 0 },
      { shape: [units], role: "bias" as const },
    ],
    outputs: [{ shape: [1, units] }],
    options: { union: "FullyConnected", fields: optionTables.fullyConnected, values: {} },
    result: { scale: 0.15, zero: -4 },
  })),
  { forms: ["int8", "hybrid"] },
);

describeOperator(
  "BATCH_MATMUL",
  fc
    .record({
      rows: size(),
      depth: size(),
      columns: size(),
      lead: shapes(1, 2),
      adjointX: fc.constantFrom(0, 1),
      adjointY: fc.constantFrom(0, 1),
    })
    .map(({ rows, depth, columns, lead, adjointX, adjointY }) => ({
      inputs: [
        { shape: [...lead, ...(adjointX === 1 ? [depth, rows] : [rows, depth])] },
        { shape: [...lead, ...(adjointY === 1 ? [columns, depth] : [depth, columns])] },
      ],
      outputs: [{ shape: [...lead, rows, columns] }],
      options: { union: "BatchMatMul", fields: optionTables.batchMatMul, values: { adjointX, adjointY } },
      result: { scale: 1.2 },
    })),
);

const forms = ["float32", "int8", "uint8"] as const;

/** Flags that the runtime allows: not both. */
const flags = fc.constantFrom(
  { alignCorners: 0, halfPixelCenters: 0 },
  { alignCorners: 1, halfPixelCenters: 0 },
  { alignCorners: 0, halfPixelCenters: 1 },
);
for (const [name, union, fields] of [
  ["RESIZE_BILINEAR", "ResizeBilinear", optionTables.resizeBilinear],
  ["RESIZE_NEAREST_NEIGHBOR", "ResizeNearestNeighbor", optionTables.resize],
] as const)
  describeOperator(
    name,
    fc
      .record({
        h: size(1, 6),
        w: size(1, 6),
        c: size(1, 3),
        toH: size(1, 13),
        toW: size(1, 13),
        values: flags,
      })
      .map(({ h, w, c, toH, toW, values }) => ({
        inputs: [{ shape: [1, h, w, c] }, wholes([toH, toW])],
        outputs: [{ shape: [1, toH, toW, c] }],
        options: { union, fields, values },
        result: "same" as const,
      })),
    name === "RESIZE_BILINEAR" ? { forms, runs: 40 } : { forms, runs: 40, steps: 0, float: 0 },
  );
