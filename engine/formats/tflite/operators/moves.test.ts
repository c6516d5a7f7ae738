import * as fc from "fast-check";
import { optionTables } from "../reader/options.ts";
import { anyShapes, describeOperator, shapes, size } from "../testing/describe-operator.ts";
import { bytesOf } from "../testing/values.ts";
import { elementsOf } from "../writer/constants.ts";

const exact = { steps: 0, float: 0, forms: ["float32", "int8", "uint8"] } as const;
const wholes = (data: readonly number[], shape: readonly number[] = [data.length]) => ({
  shape,
  type: "int32" as const,
  data,
});
const same = "same" as const;

describeOperator(
  "RESHAPE",
  anyShapes(1, 5).map((shape) => ({
    inputs: [{ shape }, wholes([elementsOf(shape.slice(0, 2)), -1])],
    outputs: [{ shape: [elementsOf(shape.slice(0, 2)), elementsOf(shape.slice(2))] }],
    result: same,
  })),
  exact,
);
describeOperator(
  "SQUEEZE",
  shapes(2, 4).map((shape) => ({
    inputs: [{ shape: [...shape, 1] }],
    outputs: [{ shape: [...shape, 1].filter((dim) => dim !== 1) }],
    result: same,
  })),
  exact,
);
describeOperator(
  "EXPAND_DIMS",
  shapes(1, 3).map((shape) => ({
    inputs: [{ shape }, wholes([-1], [])],
    outputs: [{ shape: [...shape, 1] }],
    result: same,
  })),
  exact,
);
describeOperator(
  "TRANSPOSE",
  anyShapes(1, 5)
    .chain((shape) =>
      fc.record({
        shape: fc.constant(shape),
        perm: fc.shuffledSubarray([...shape.keys()], { minLength: shape.length }),
      }),
    )
    .map(({ shape, perm }) => ({
      inputs: [{ shape }, wholes(perm)],
      outputs: [{ shape: perm.map((axis) => shape[axis] ?? 1) }],
      result: same,
    })),
  exact,
);
describeOperator(
  "TILE",
  fc.array(fc.record({ dim: size(), times: size(1, 3) }), { minLength: 1, maxLength: 4 }).map((axes) => ({
    inputs: [{ shape: axes.map(({ dim }) => dim) }, wholes(axes.map(({ times }) => times))],
    outputs: [{ shape: axes.map(({ dim, times }) => dim * times) }],
    result: same,
  })),
  exact,
);
const padded = fc.array(fc.record({ dim: size(2, 4), before: size(0, 1), after: size(0, 1) }), {
  minLength: 1,
  maxLength: 4,
});
const paddedCase = (axes: { dim: number; before: number; after: number }[]) => ({
  inputs: [
    { shape: axes.map(({ dim }) => dim) },
    wholes(
      axes.flatMap(({ before, after }) => [before, after]),
      [axes.length, 2],
    ),
  ],
  outputs: [{ shape: axes.map(({ dim, before, after }) => dim + before + after) }],
  result: same,
});
describeOperator("PAD", padded.map(paddedCase), exact);
describeOperator(
  "PADV2",
  padded.map(paddedCase).map((given) => ({
    ...given,
    inputs: [...given.inputs, { shape: [], data: [1.5] }],
  })),
  { ...exact, forms: ["float32"] },
);
for (const mode of [0, 1])
  describeOperator(
    `MIRROR_PAD ${mode === 0 ? "reflect" : "symmetric"}`,
    padded.map(paddedCase).map((given) => ({
      ...given,
      options: { union: "MirrorPad", fields: optionTables.mirrorPad, values: { mode } },
    })),
    exact,
  );

/** Parts of one axis. */
const parted = fc.record({
  shape: anyShapes(2, 4),
  sizes: fc.array(size(1, 3), { minLength: 1, maxLength: 3 }),
  at: fc.nat(3),
  isBack: fc.boolean(),
});
const partsOf = ({
  shape,
  sizes,
  at,
  isBack,
}: {
  shape: number[];
  sizes: number[];
  at: number;
  isBack: boolean;
}) => {
  const axis = at % shape.length;
  const part = (dim: number) => shape.with(axis, dim);
  return {
    axis: isBack ? axis - shape.length : axis,
    whole: part(sizes.reduce((sum, dim) => sum + dim, 0)),
    parts: sizes.map(part),
  };
};
describeOperator(
  "CONCATENATION",
  parted.map(partsOf).map(({ axis, whole, parts }) => ({
    inputs: parts.map((shape) => ({ shape })),
    outputs: [{ shape: whole }],
    options: { union: "Concatenation", fields: optionTables.concatenation, values: { axis } },
    result: same,
  })),
  exact,
);
describeOperator(
  "SPLIT_V",
  parted
    .map((given) => ({ ...partsOf(given), sizes: given.sizes }))
    .map(({ axis, whole, parts, sizes }) => ({
      inputs: [{ shape: whole }, wholes([...sizes.slice(0, -1), -1]), wholes([axis], [])],
      outputs: parts.map((shape) => ({ shape })),
      options: { union: "SplitV", fields: optionTables.split, values: { numSplits: parts.length } },
      result: same,
    })),
  exact,
);
describeOperator(
  "SPLIT",
  parted
    .map((given) => ({ ...given, sizes: given.sizes.map(() => given.sizes[0] ?? 1) }))
    .map(partsOf)
    .map(({ axis, whole, parts }) => ({
      inputs: [wholes([axis], []), { shape: whole }],
      outputs: parts.map((shape) => ({ shape })),
      options: { union: "Split", fields: optionTables.split, values: { numSplits: parts.length } },
      result: same,
    })),
  exact,
);
const packed = fc.record({ shape: anyShapes(1, 3), count: size(1, 3), at: fc.nat(3) });
describeOperator(
  "PACK",
  packed.map(({ shape, count, at }) => {
    const axis = at % (shape.length + 1);
    return {
      inputs: Array.from({ length: count }, () => ({ shape })),
      outputs: [{ shape: shape.toSpliced(axis, 0, count) }],
      options: { union: "Pack", fields: optionTables.pack, values: { axis, valuesCount: count } },
      result: same,
    };
  }),
  exact,
);
describeOperator(
  "UNPACK",
  packed.map(({ shape, count, at }) => {
    const axis = at % (shape.length + 1);
    return {
      inputs: [{ shape: shape.toSpliced(axis, 0, count) }],
      outputs: Array.from({ length: count }, () => ({ shape })),
      options: { union: "Unpack", fields: optionTables.unpack, values: { axis, num: count } },
      result: same,
    };
  }),
  exact,
);
describeOperator(
  "SLICE",
  fc
    .array(fc.record({ before: size(0, 2), dim: size(), after: size(0, 2) }), { minLength: 1, maxLength: 4 })
    .map((axes) => ({
      inputs: [
        { shape: axes.map(({ before, dim, after }) => before + dim + after) },
        wholes(axes.map(({ before }) => before)),
        wholes(axes.map(({ dim, after }) => (after === 0 ? -1 : dim))),
      ],
      outputs: [{ shape: axes.map(({ dim }) => dim) }],
      result: same,
    })),
  exact,
);
describeOperator(
  "REVERSE_V2",
  anyShapes(1, 3).map((shape) => ({
    inputs: [{ shape }, wholes([shape.length - 1])],
    outputs: [{ shape }],
    result: same,
  })),
  { ...exact, forms: ["float32"] },
);
describeOperator(
  "GATHER",
  fc
    .record({
      shape: anyShapes(1, 3),
      at: fc.nat(3),
      picks: fc.array(fc.nat(4), { minLength: 1, maxLength: 5 }),
    })
    .map(({ shape, at, picks }) => {
      const axis = at % shape.length;
      const indices = picks.map((pick) => pick % (shape[axis] ?? 1));
      return {
        inputs: [{ shape }, wholes(indices)],
        outputs: [{ shape: shape.with(axis, indices.length) }],
        options: { union: "Gather", fields: optionTables.gather, values: { axis } },
        result: same,
      };
    }),
  exact,
);
describeOperator(
  "GATHER_ND",
  anyShapes(2, 3).map((shape) => ({
    inputs: [{ shape }, wholes([0, (shape[0] ?? 1) - 1], [2, 1])],
    outputs: [{ shape: [2, ...shape.slice(1)] }],
    result: same,
  })),
  { ...exact, forms: ["float32"] },
);
describeOperator(
  "EMBEDDING_LOOKUP",
  anyShapes(2, 2).map((shape) => ({
    inputs: [
      { shape: [3], type: "int32" as const },
      { shape: [7, shape[1] ?? 1], role: "weight" as const },
    ],
    outputs: [{ shape: [3, shape[1] ?? 1] }],
    result: same,
  })),
  {
    forms: ["float32", "hybrid"],
    float: 1e-6,
    values: (_, random) => bytesOf("int32", [0, 6, random.below(7)]),
  },
);
describeOperator(
  "CAST",
  shapes(1, 3).map((shape) => ({
    inputs: [{ shape }],
    outputs: [{ shape, type: "int32" as const }],
    result: same,
  })),
  { ...exact, forms: ["float32"] },
);
describeOperator(
  "BROADCAST_TO",
  anyShapes(1, 3).map((shape) => ({
    inputs: [{ shape }, wholes([2, ...shape])],
    outputs: [{ shape: [2, ...shape] }],
    version: 2,
    result: same,
  })),
  { ...exact, forms: ["float32"] },
);
for (const name of ["SPACE_TO_DEPTH", "DEPTH_TO_SPACE"])
  describeOperator(
    name,
    fc
      .record({ h: size(1, 3), w: size(1, 3), c: size(1, 3), block: size(1, 3) })
      .map(({ h, w, c, block }) => {
        const [wide, deep] = [
          [1, h * block, w * block, c],
          [1, h, w, c * block * block],
        ];
        const isWide = name === "SPACE_TO_DEPTH";
        return {
          inputs: [{ shape: (isWide ? wide : deep) ?? [] }],
          outputs: [{ shape: (isWide ? deep : wide) ?? [] }],
          options: {
            union: isWide ? "SpaceToDepth" : "DepthToSpace",
            fields: optionTables.blockSize,
            values: { blockSize: block },
          },
          result: same,
        };
      }),
    exact,
  );
describeOperator(
  "SPACE_TO_BATCH_ND",
  fc
    .record({
      n: size(1, 2),
      h: size(1, 3),
      w: size(1, 3),
      c: size(1, 3),
      a: size(1, 2),
      b: size(1, 2),
      pad: size(0, 1),
    })
    .map(({ n, h, w, c, a, b, pad }) => ({
      inputs: [
        { shape: [n, h * a - pad * (h * a > 1 ? 1 : 0), w * b, c] },
        wholes([a, b]),
        wholes([0, pad * (h * a > 1 ? 1 : 0), 0, 0], [2, 2]),
      ],
      outputs: [{ shape: [n * a * b, h, w, c] }],
      result: same,
    })),
  exact,
);
describeOperator(
  "BATCH_TO_SPACE_ND",
  fc
    .record({
      n: size(1, 2),
      h: size(1, 3),
      w: size(2, 3),
      c: size(1, 3),
      a: size(1, 2),
      b: size(1, 2),
      crop: size(0, 1),
    })
    .map(({ n, h, w, c, a, b, crop }) => ({
      inputs: [{ shape: [n * a * b, h, w, c] }, wholes([a, b]), wholes([0, 0, crop, 0], [2, 2])],
      outputs: [{ shape: [n, h * a, w * b - crop, c] }],
      result: same,
    })),
  exact,
);
