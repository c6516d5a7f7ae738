import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { optionTables } from "../reader/options.ts";
import { buildModel, type ModelSpec, type TensorSpec } from "../testing/build.ts";
import { compareModel, relativeError, steps } from "../testing/compare.ts";

const int8 = (shape: readonly number[], scale: number, zero: number): TensorSpec => ({
  shape,
  type: "int8",
  scale: Math.fround(scale),
  zero,
});
const scale = fc.double({ min: 0.02, max: 0.2, noNaN: true });
const zero = fc.integer({ min: -30, max: 30 });

/** One operator on given tensors, the last of which is its result. */
function single(
  name: string,
  tensors: TensorSpec[],
  options: ModelSpec["operators"][number]["options"],
  version = 1,
) {
  const inputs = [...tensors.keys()].slice(0, -1);
  const given = inputs.filter((index) => tensors[index]?.data === undefined);
  return buildModel({
    tensors,
    inputs: given,
    outputs: [tensors.length - 1],
    operators: [{ name, inputs, outputs: [tensors.length - 1], options, version }],
  });
}

async function holds(cases: fc.Arbitrary<Uint8Array>, check: (bytes: Uint8Array) => Promise<void>) {
  await fc.assert(fc.asyncProperty(cases, check), { numRuns: 12, seed: 3 });
}

const withinStep = async (bytes: Uint8Array) => {
  expect(steps(await compareModel(bytes)).largest).toBeLessThanOrEqual(1);
};

describe("integers of different scales", () => {
  it.each(["ADD", "SUB", "MUL"])("%s", async (name) => {
    await holds(
      fc.tuple(scale, zero, scale, zero, scale, zero).map(([a, za, b, zb, c, zc]) =>
        single(name, [int8([1, 4, 3], a, za), int8([1, 4, 3], b, zb), int8([1, 4, 3], c, zc)], {
          union: name === "ADD" ? "Add" : name === "SUB" ? "Sub" : "Mul",
        }),
      ),
      withinStep,
    );
  });

  // Of int8, TensorFlow Lite joins what has the same scale alone.
  it("CONCATENATION of uint8", async () => {
    const uint8 = (width: number, step: number, shift: number): TensorSpec => ({
      shape: [1, width],
      type: "uint8",
      scale: Math.fround(step),
      zero: shift + 128,
    });
    await holds(
      fc.tuple(scale, zero, scale, zero).map(([a, za, b, zb]) =>
        single("CONCATENATION", [uint8(4, a, za), uint8(3, b, zb), uint8(7, a, za)], {
          union: "Concatenation",
          fields: optionTables.concatenation,
          values: { axis: 1 },
        }),
      ),
      withinStep,
    );
  });

  it("QUANTIZE, from numbers and from integers", async () => {
    await holds(
      fc
        .tuple(scale, zero)
        .map(([a, za]) => single("QUANTIZE", [{ shape: [1, 30] }, int8([1, 30], a, za)], undefined)),
      withinStep,
    );
    await holds(
      fc
        .tuple(scale, zero, scale, zero)
        .map(([a, za, b, zb]) => single("QUANTIZE", [int8([1, 30], a, za), int8([1, 30], b, zb)], undefined)),
      withinStep,
    );
    await holds(
      fc
        .tuple(scale, zero)
        .map(([a, za]) =>
          single(
            "QUANTIZE",
            [{ shape: [1, 30], type: "uint8", scale: Math.fround(a), zero: za + 128 }, int8([1, 30], a, za)],
            undefined,
          ),
        ),
      withinStep,
    );
  });

  it("DEQUANTIZE", async () => {
    await holds(
      fc
        .tuple(scale, zero)
        .map(([a, za]) => single("DEQUANTIZE", [int8([1, 30], a, za), { shape: [1, 30] }], undefined)),
      async (bytes) => {
        expect(relativeError(await compareModel(bytes))).toBeLessThanOrEqual(1e-6);
      },
    );
  });
});

describe("a weight behind DEQUANTIZE", () => {
  const values = Array.from({ length: 24 }, (_, item) => Math.sin(item));
  const weights: TensorSpec[] = [
    { shape: [4, 6], type: "float16", data: values },
    { shape: [4, 6], type: "int8", scale: 1 / 127, data: values.map((value) => Math.round(127 * value)) },
  ];
  it.each(weights)("$type", async (weight) => {
    const bytes = buildModel({
      tensors: [
        { shape: [1, 6] },
        weight,
        { shape: [4, 6] },
        { shape: [4], data: [1, 2, 3, 4] },
        { shape: [1, 4] },
      ],
      inputs: [0],
      outputs: [4],
      operators: [
        { name: "DEQUANTIZE", inputs: [1], outputs: [2] },
        {
          name: "FULLY_CONNECTED",
          inputs: [0, 2, 3],
          outputs: [4],
          options: { union: "FullyConnected", fields: optionTables.fullyConnected, values: {} },
        },
      ],
    });
    expect(relativeError(await compareModel(bytes))).toBeLessThanOrEqual(1e-5);
  });
});
