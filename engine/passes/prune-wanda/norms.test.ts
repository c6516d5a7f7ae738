import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type makeInt, makeInts, makeString } from "#engine/onnx/attributes.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { floats, graph, model, node, randomFloats, value } from "../testing/build.ts";
import { addSquares } from "./matrix-norms.ts";
import { addPatchSquares } from "./patch-norms.ts";
import { walksOf } from "./window.ts";

describe("squared norms of what a matrix meets", () => {
  it("are sums over all axes but one", () => {
    const values = randomFloats(2 * 3 * 4, 5);
    for (const axis of [0, 1, 2]) {
      const dims = [2, 3, 4];
      const sums = new Float64Array(dims[axis] ?? 0);
      addSquares(values, dims, axis, sums);
      const expected = new Float64Array(sums.length);
      values.forEach((x, at) => {
        const place = [Math.floor(at / 12), Math.floor(at / 4) % 3, at % 4][axis] ?? 0;
        expected[place] = (expected[place] ?? 0) + x * x;
      });
      sums.forEach((sum, at) => void expect(sum).toBeCloseTo(expected[at] ?? 0, 12));
    }
  });
});

/**
 * Σ x² for one weight, by the runtime itself: a convolution of x² with a kernel that is 1 at one position only adds up
 * what that weight meets, over all output positions.
 */
async function byConvolution(
  x: Float32Array,
  dims: number[],
  kernel: number[],
  attribute: ReturnType<typeof makeInt>[],
): Promise<number[]> {
  const channels = dims[1] ?? 1;
  const positions = kernel.reduce((a, b) => a * b, 1);
  const count = channels * positions;
  // One output channel per weight.
  const eye = Array.from({ length: count * count }, (_, at) =>
    Math.floor(at / count) === at % count ? 1 : 0,
  );
  const net = model(
    graph({
      input: [value("x", dims)],
      output: [value("y", ["a", "b", ...kernel.map((_, at) => `d${at}`)])],
      node: [node("Mul", ["x", "x"], ["squares"]), node("Conv", ["squares", "w"], ["y"], attribute)],
      initializer: [floats("w", [count, channels, ...kernel], eye)],
    }),
  );
  const session = await loadExecutable(net);
  try {
    const { y } = await session.run({ x: { dtype: "float32", dims, data: x } });
    const [items = 1, , ...spatial] = y?.dims ?? [];
    const block = spatial.reduce((a, b) => a * b, 1);
    const data = y?.data as Float32Array;
    return Array.from({ length: count }, (_, weight) => {
      let sum = 0;
      for (let item = 0; item < items; item++) {
        const from = (item * count + weight) * block;
        for (let at = 0; at < block; at++) sum += data[from + at] ?? 0;
      }
      return sum;
    });
  } finally {
    await session.release();
  }
}

const axis = fc.record({
  size: fc.integer({ min: 3, max: 9 }),
  kernel: fc.integer({ min: 1, max: 3 }),
  stride: fc.integer({ min: 1, max: 3 }),
  dilation: fc.integer({ min: 1, max: 2 }),
  before: fc.integer({ min: 0, max: 2 }),
  after: fc.integer({ min: 0, max: 2 }),
});

describe("squared norms of the columns of im2col", () => {
  it("are what ONNX Runtime's convolution meets, for any stride, dilation and padding", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(axis, { minLength: 1, maxLength: 2 }),
        fc.integer(),
        fc.constantFrom("NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER"),
        async (axes, seed, auto) => {
          const padded = (at: (typeof axes)[number]) =>
            at.size + (auto === "NOTSET" ? at.before + at.after : 0);
          fc.pre(axes.every((at) => padded(at) >= at.dilation * (at.kernel - 1) + 1));
          // ONNX Runtime takes no dilation together with SAME.
          fc.pre(!auto.startsWith("SAME") || axes.every(({ dilation }) => dilation === 1));
          const dims = [2, 2, ...axes.map(({ size }) => size)];
          const kernel = axes.map((at) => at.kernel);
          const x = randomFloats(
            dims.reduce((a, b) => a * b, 1),
            seed,
          );
          const attribute = [
            makeInts(
              "strides",
              axes.map(({ stride }) => stride),
            ),
            makeInts(
              "dilations",
              axes.map(({ dilation }) => dilation),
            ),
            makeString("auto_pad", auto),
            ...(auto === "NOTSET"
              ? [makeInts("pads", [...axes.map(({ before }) => before), ...axes.map(({ after }) => after)])]
              : []),
          ];
          const walks = walksOf(node("Conv", ["x", "w"], ["y"], attribute), dims.slice(2), kernel);
          if (walks === undefined) throw new Error("no walks");
          const sums = new Float64Array(2 * kernel.reduce((a, b) => a * b, 1));
          addPatchSquares(x, dims, walks, sums);
          const expected = await byConvolution(x, dims, kernel, attribute);
          expect(sums).toHaveLength(expected.length);
          sums.forEach((sum, at) => void expect(sum).toBeCloseTo(expected[at] ?? 0, 4));
        },
      ),
      { numRuns: 150 },
    );
  });

  it("refuses attributes that do not fit, and paddings beyond reason", () => {
    const conv = (attribute: Parameters<typeof node>[3]) => node("Conv", ["x", "w"], ["y"], attribute);
    expect(walksOf(conv([makeInts("strides", [1])]), [5, 5], [3, 3])).toBeUndefined();
    expect(walksOf(conv([makeInts("strides", [0, 1])]), [5, 5], [3, 3])).toBeUndefined();
    expect(walksOf(conv([makeInts("pads", [0, 0])]), [5, 5], [3, 3])).toBeUndefined();
    expect(walksOf(conv([makeInts("pads", [2 ** 40, 0])]), [5], [3])).toBeUndefined();
    expect(walksOf(conv([]), [5], [3])).toEqual([{ kernel: 3, stride: 1, dilation: 1, pad: 0, count: 3 }]);
  });
});
