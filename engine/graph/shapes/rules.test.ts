import * as fc from "fast-check";
import * as ort from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { makeInt, makeInts, makeNode, makeString } from "#engine/onnx/attributes.ts";
import { makeGraph, makeModel, makeValue } from "#engine/onnx/build.ts";
import { encodeModel, joinChunks } from "#engine/onnx/encode.ts";
import { makeTensor } from "#engine/onnx/make.ts";
import type { Attribute, Tensor } from "#engine/onnx/model.ts";
import { inferShapes } from "./infer.ts";

/** A node on a float input x, its other inputs constants. */
interface Case {
  readonly op: string;
  readonly shape: number[];
  readonly attribute?: Attribute[];
  readonly constants?: Tensor[];
  readonly outputs?: number;
}

const ints = (name: string, values: number[]) =>
  makeTensor(name, "int64", [values.length], BigInt64Array.from(values, BigInt));
const floats = (name: string, dims: number[]) =>
  makeTensor(name, "float32", dims, new Float32Array(dims.reduce((a, b) => a * b, 1)));

function modelOf({ op, shape, attribute, constants = [], outputs = 1 }: Case) {
  const names = Array.from({ length: outputs }, (_, at) => `y${at}`);
  return makeModel(
    makeGraph({
      node: [makeNode(op, ["x", ...constants.map(({ name }) => name ?? "")], names, { attribute })],
      input: [makeValue("x", "float32", shape)],
      output: names.map((name) => ({ name })),
      initializer: constants.filter(({ name }) => name !== ""),
    }),
  );
}

/** Shapes that ONNX Runtime gives, or undefined where it refuses the node. */
async function shapesByRuntime(one: Case): Promise<(readonly number[])[] | undefined> {
  let session: ort.InferenceSession | undefined;
  try {
    session = await ort.InferenceSession.create(joinChunks(encodeModel(modelOf(one))), {
      graphOptimizationLevel: "disabled",
      logSeverityLevel: 4,
    });
    const count = one.shape.reduce((a, b) => a * b, 1);
    const results = await session.run({ x: new ort.Tensor("float32", new Float32Array(count), one.shape) });
    return Object.values(results).map(({ dims }) => dims);
  } catch {
    return undefined;
  } finally {
    await session?.release();
  }
}

const size = fc.integer({ min: 1, max: 9 });
const small = fc.integer({ min: 1, max: 3 });
const pad = fc.integer({ min: 0, max: 2 });
const shapeOf = (min: number, max: number) => fc.array(size, { minLength: min, maxLength: max });
/** At least 5: the largest window, 3 dilated by 2, fits. Where it does not, ONNX Runtime's answers are odd. */
const pixels = fc.integer({ min: 5, max: 9 });
const image = fc.tuple(small, small, pixels, pixels).map((dims): number[] => [...dims]);
const pair = <T>(item: fc.Arbitrary<T>) => fc.tuple(item, item).map((both): T[] => [...both]);
const autoPad = fc.constantFrom("NOTSET", "SAME_UPPER", "SAME_LOWER", "VALID");

const window = fc.record({
  shape: image,
  kernel: pair(small),
  strides: pair(small),
  dilations: pair(fc.integer({ min: 1, max: 2 })),
  pads: fc.tuple(pad, pad, pad, pad),
  autoPad,
});

function windowAttributes(one: {
  strides: number[];
  dilations: number[];
  pads: number[];
  autoPad: string;
}): Attribute[] {
  return [
    makeInts("strides", one.strides),
    makeInts("dilations", one.dilations),
    // Explicit pads contradict automatic ones.
    ...(one.autoPad === "NOTSET" ? [makeInts("pads", one.pads)] : [makeString("auto_pad", one.autoPad)]),
  ];
}

const conv: fc.Arbitrary<Case> = window.chain((one) =>
  small.map((out) => ({
    op: "Conv",
    shape: one.shape,
    attribute: windowAttributes(one),
    constants: [floats("w", [out, one.shape[1] ?? 1, ...one.kernel])],
  })),
);

const convTranspose: fc.Arbitrary<Case> = window.chain((one) =>
  fc.tuple(small, fc.constantFrom([0, 0], [1, 0])).map(([out, extra]) => ({
    op: "ConvTranspose",
    shape: one.shape,
    attribute: [...windowAttributes(one), makeInts("output_padding", extra)],
    constants: [floats("w", [one.shape[1] ?? 1, out, ...one.kernel])],
  })),
);

const pool: fc.Arbitrary<Case> = window.chain((one) =>
  fc.tuple(fc.constantFrom("MaxPool", "AveragePool"), fc.constantFrom(0, 1)).map(([op, ceil]) => ({
    op,
    shape: one.shape,
    attribute: [
      // AveragePool has no dilations in this opset; ONNX Runtime forgets MaxPool's where it pads by itself.
      ...windowAttributes(one).filter(
        ({ name }) => name !== "dilations" || (op === "MaxPool" && one.autoPad === "NOTSET"),
      ),
      makeInts("kernel_shape", one.kernel),
      makeInt("ceil_mode", ceil),
    ],
  })),
);

const anyInt = fc.integer({ min: -12, max: 12 });
const slice: fc.Arbitrary<Case> = shapeOf(1, 3).chain((shape) =>
  fc.uniqueArray(fc.nat(shape.length - 1), { minLength: 1, maxLength: shape.length }).chain((axes) =>
    fc
      .array(fc.tuple(anyInt, anyInt, fc.constantFrom(1, 2, -1, -3), fc.boolean()), {
        minLength: axes.length,
        maxLength: axes.length,
      })
      .map(
        (parts): Case => ({
          op: "Slice",
          shape,
          constants: [
            ints(
              "starts",
              parts.map(([start]) => start),
            ),
            ints(
              "ends",
              parts.map(([, end]) => end),
            ),
            ints(
              "axes",
              parts.map(([, , , negative], at) => (axes[at] ?? 0) - (negative ? shape.length : 0)),
            ),
            ints(
              "steps",
              parts.map(([, , step]) => step),
            ),
          ],
        }),
      ),
  ),
);

const reshape: fc.Arbitrary<Case> = shapeOf(1, 4).chain((shape) =>
  fc
    .array(fc.constantFrom(0, -1, 1, 2, 3, ...shape), { maxLength: 4 })
    .map((wanted) => ({ op: "Reshape", shape, constants: [ints("s", wanted)] })),
);

const withAxis = (
  op: string,
  extra: (shape: number[], axis: number) => Partial<Case> = () => ({}),
): fc.Arbitrary<Case> =>
  shapeOf(1, 4).chain((shape) =>
    fc.integer({ min: -shape.length, max: shape.length - 1 }).map((axis) => ({
      op,
      shape,
      attribute: [makeInt("axis", axis)],
      ...extra(shape, axis),
    })),
  );

const padding: fc.Arbitrary<Case> = shapeOf(1, 3).chain((shape) =>
  fc
    .array(fc.integer({ min: -2, max: 3 }), { minLength: 2 * shape.length, maxLength: 2 * shape.length })
    .map((pads) => ({
      op: "Pad",
      shape,
      constants: [ints("p", pads)],
    })),
);

const reduce: fc.Arbitrary<Case> = shapeOf(1, 4).chain((shape) =>
  fc
    .tuple(fc.subarray(shape.map((_, at) => at - (at % 2) * shape.length)), fc.constantFrom(0, 1))
    .map(([axes, keep]) => ({
      op: "ReduceMax",
      shape,
      attribute: [makeInt("keepdims", keep), ...(axes.length > 0 ? [makeInts("axes", axes)] : [])],
    })),
);

const broadcasted: fc.Arbitrary<Case> = fc
  .tuple(shapeOf(0, 4), fc.array(fc.constantFrom(0, 1, 2), { maxLength: 5 }))
  .map(([shape, kinds]) => {
    // Each dimension from the right: the same, one, or anything.
    const other = kinds
      .map((kind, at) => (kind === 0 ? (shape[shape.length - 1 - at] ?? 4) : kind === 1 ? 1 : 5))
      .reverse();
    return { op: "Add", shape, constants: [floats("b", other)] };
  });

const expand: fc.Arbitrary<Case> = fc
  .tuple(shapeOf(0, 3), fc.array(fc.constantFrom(1, 1, 2, 5), { maxLength: 4 }))
  .map(([shape, target]) => ({
    op: "Expand",
    shape,
    constants: [ints("s", target)],
  }));

const matmul: fc.Arbitrary<Case> = fc.tuple(shapeOf(1, 4), shapeOf(1, 4)).map(([shape, right]) => {
  const dims = [...right];
  dims[Math.max(0, dims.length - 2)] = shape.at(-1) ?? 1;
  return {
    op: "MatMul",
    shape,
    constants: [
      floats(
        "b",
        dims.map((dim, at) => (at < dims.length - 2 ? 1 : dim)),
      ),
    ],
  };
});

const gather = withAxis("Gather", (shape, axis) => ({
  constants: [makeTensor("i", "int64", [2, 1], BigInt64Array.of(0n, BigInt((shape.at(axis) ?? 1) - 1)))],
}));

const split = withAxis("Split", (shape, axis) => {
  const whole = shape.at(axis) ?? 1;
  const part = Math.floor(whole / 2);
  return { outputs: 2, constants: [ints("s", [part, whole - part])] };
});

const resize: fc.Arbitrary<Case> = fc
  .tuple(image, fc.constantFrom(0.5, 0.7, 1, 1.5, 2, 3.3), fc.boolean())
  .map(([shape, scale, bySize]) => ({
    op: "Resize",
    shape,
    constants: bySize
      ? [{ ...ints("", []) }, { ...ints("", []) }, ints("sizes", [shape[0] ?? 1, shape[1] ?? 1, 5, 6])]
      : [{ ...ints("", []) }, makeTensor("scales", "float32", [4], Float32Array.of(1, 1, scale, scale))],
  }));

const cases: [string, fc.Arbitrary<Case>][] = [
  ["Conv", conv],
  ["ConvTranspose", convTranspose],
  ["pooling", pool],
  ["Slice", slice],
  ["Reshape", reshape],
  ["Pad", padding],
  ["ReduceMax", reduce],
  ["broadcasting", broadcasted],
  ["Expand", expand],
  ["MatMul", matmul],
  ["Gather", gather],
  ["Split", split],
  ["Resize", resize],
  ["Flatten", withAxis("Flatten")],
  ["ArgMax", withAxis("ArgMax")],
  ["Softmax", withAxis("Softmax")],
  ["TopK", withAxis("TopK", () => ({ constants: [ints("k", [1])], outputs: 2 }))],
  [
    "LayerNormalization",
    withAxis("LayerNormalization", (shape, axis) => ({
      constants: [floats("g", shape.slice(axis))],
      outputs: 2,
    })),
  ],
  ["Unsqueeze", withAxis("Unsqueeze", (_, axis) => ({ attribute: [], constants: [ints("a", [axis])] }))],
  [
    "Squeeze",
    withAxis("Squeeze", (shape, axis) => ({
      shape: shape.with(axis, 1),
      attribute: [],
      constants: [ints("a", [axis])],
    })),
  ],
  [
    "Transpose",
    shapeOf(1, 4).chain((shape) =>
      fc
        .shuffledSubarray([...shape.keys()], { minLength: shape.length })
        .map((perm) => ({ op: "Transpose", shape, attribute: [makeInts("perm", perm)] })),
    ),
  ],
  [
    "Tile",
    shapeOf(1, 3).map((shape) => ({
      op: "Tile",
      shape,
      constants: [
        ints(
          "r",
          shape.map((dim) => (dim % 3) + 1),
        ),
      ],
    })),
  ],
  [
    "DepthToSpace",
    fc.tuple(small, small, size, size).map(([n, c, h, w]) => ({
      op: "DepthToSpace",
      shape: [n, 4 * c, h, w],
      attribute: [makeInt("blocksize", 2)],
    })),
  ],
  [
    "SpaceToDepth",
    fc.tuple(small, small, small, small).map(([n, c, h, w]) => ({
      op: "SpaceToDepth",
      shape: [n, c, 2 * h, 2 * w],
      attribute: [makeInt("blocksize", 2)],
    })),
  ],
];

describe("rules against ONNX Runtime on random shapes and attributes", () => {
  it.each(cases)("%s", { timeout: 60_000 }, async (_, arbitrary) => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(arbitrary, async (one) => {
        const expected = await shapesByRuntime(one);
        if (expected === undefined) return;
        compared++;
        const model = modelOf(one);
        const shapes = inferShapes(model);
        const found = model.graph.output.map(({ name }) => shapes.info(model.graph, name)?.shape);
        expect(found).toEqual(expected);
      }),
      { numRuns: 60, seed: 11 },
    );
    expect(compared).toBeGreaterThan(5);
  });
});
