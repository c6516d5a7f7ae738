import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { allocate, convertNumbers, isFloat, toNumbers } from "./elements.ts";
import { scoreOutput } from "./item-outputs.ts";
import { dataTypes, elementCount, formatShape } from "./tensor.ts";

const numeric = dataTypes.filter((dtype) => dtype !== "string");

describe("convertNumbers", () => {
  const ranges: Record<string, [number, number]> = {
    int8: [-128, 127],
    uint8: [0, 255],
    int16: [-32_768, 32_767],
    uint16: [0, 65_535],
    int32: [-2_147_483_648, 2_147_483_647],
    uint32: [0, 4_294_967_295],
    int64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
    uint64: [0, Number.MAX_SAFE_INTEGER],
    bool: [0, 1],
  };

  it.each(Object.keys(ranges) as (typeof numeric)[number][])(
    "%s takes its range, and nothing else",
    (dtype) => {
      const [low, high] = ranges[dtype]!;
      const tensor = { dtype, dims: [2], data: convertNumbers([low, high], dtype, "here") };
      expect([...toNumbers(tensor)]).toEqual([low, high]);
      for (const wrong of [low - 1, high + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        expect(() => convertNumbers([wrong], dtype, "here"), String(wrong)).toThrow(
          /does not fit the type .* \(at here\)/,
        );
      }
    },
  );

  it("rounds floats to the nearest", () => {
    fc.assert(
      fc.property(fc.array(fc.double()), (values) => {
        const single = {
          dtype: "float32" as const,
          dims: [values.length],
          data: convertNumbers(values, "float32", "x"),
        };
        expect([...toNumbers(single)]).toEqual(values.map(Math.fround));
        const exact = {
          dtype: "float64" as const,
          dims: [values.length],
          data: convertNumbers(values, "float64", "x"),
        };
        expect([...toNumbers(exact)]).toEqual(values);
      }),
    );
    const half = {
      dtype: "float16" as const,
      dims: [3],
      data: convertNumbers([1 / 3, 65_519, 1e-8], "float16", "x"),
    };
    expect([...toNumbers(half)]).toEqual([0.333251953125, 65_504, 0]);
  });

  it("has storage for every type", () => {
    for (const dtype of numeric) expect(allocate(dtype, 3)).toHaveLength(3);
    expect(numeric.filter(isFloat)).toEqual(["float32", "float16", "float64"]);
  });

  it("does not turn text into numbers", () => {
    expect(() => toNumbers({ dtype: "string", dims: [1], data: ["1"] })).toThrow("no numeric values");
  });
});

describe("shapes", () => {
  it("are counted and written", () => {
    expect(elementCount([])).toBe(1);
    expect(elementCount([2, 0, 3])).toBe(0);
    expect(formatShape(["N", "", 3])).toBe("[N, ?, 3]");
  });
});

describe("scoreOutput", () => {
  const signature = {
    inputs: [],
    outputs: [
      { name: "label", dtype: "int64" as const, shape: ["N"] },
      { name: "probabilities", dtype: "float32" as const, shape: ["N", 3] },
      { name: "hidden", dtype: "float16" as const, shape: ["N", 8] },
    ],
  };

  it("is the first of a float type, or the one asked for", () => {
    expect(scoreOutput(signature, undefined)).toBe("probabilities");
    expect(scoreOutput(signature, 2)).toBe("hidden");
    expect(scoreOutput(signature, "label")).toBe("label");
  });

  it("is named in the error where it is missing", () => {
    expect(() => scoreOutput(signature, "score")).toThrow(
      'no output "score"; its outputs are "label" (int64), "probabilities" (float32), "hidden" (float16)',
    );
    expect(() => scoreOutput({ inputs: [], outputs: [signature.outputs[0]!] }, undefined)).toThrow(
      "no output of a float type",
    );
  });
});
