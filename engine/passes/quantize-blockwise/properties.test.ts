import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { readFloats } from "#engine/onnx/make.ts";
import { readTensor } from "#engine/onnx/tensor.ts";
import { silent } from "../pass.ts";
import { quantizeBlockwiseSchema } from "../quantize.blockwise.schema.ts";
import { quantizeBlockwise } from "../quantize.blockwise.ts";
import { graph, model, node, randomFloats, value, weight } from "../testing/build.ts";
import { dequantizedModel } from "../testing/dequantize-blocks.ts";
import { type Blocks, dequantize, type Format, packLines, trimmed } from "./blocks.ts";
import { columnsOf } from "./columns.ts";
import { halfQuadratic } from "./hqq.ts";
import { roundToNearest } from "./rtn.ts";
import { roundTable } from "./table.ts";

const formats: fc.Arbitrary<Format> = fc.record({
  bits: fc.constantFrom(4 as const, 8 as const),
  blockSize: fc.constantFrom(16, 32, 64),
  symmetric: fc.boolean(),
  scaleType: fc.constant("float32" as const),
});
const sizes = fc.record({ lines: fc.integer({ min: 1, max: 6 }), length: fc.integer({ min: 1, max: 150 }) });
/** From denormal to large. */
const magnitudes = fc.integer({ min: -30, max: 30 }).map((exponent) => 10 ** exponent);

/** Values of one magnitude, some zero, shifted to one side or not. */
const weights = fc
  .record({
    size: sizes,
    seed: fc.nat(100_000),
    magnitude: magnitudes,
    shift: fc.constantFrom(0, 0, 1.5, -1.5),
  })
  .map(({ size, seed, magnitude, shift }) => ({
    ...size,
    data: randomFloats(size.lines * size.length, seed).map((v) =>
      Math.abs(v) < 0.05 ? 0 : (v + shift) * magnitude,
    ),
  }));

function checkError(
  { data, length }: { data: Float32Array; length: number },
  blocks: Blocks,
  format: Format,
): void {
  const found = dequantize(blocks, format);
  const perLine = Math.ceil(length / format.blockSize);
  found.forEach((restored, at) => {
    const scale =
      blocks.scales[Math.floor(at / length) * perLine + Math.floor((at % length) / format.blockSize)] ?? 0;
    const step = Math.abs(scale);
    // Half a step; a whole one at the end of a symmetric range, which reaches less far on one side, and where the
    // zero point was rounded to fit.
    expect(Math.abs(restored - (data[at] ?? 0))).toBeLessThanOrEqual(step * 1.001 + 1e-37);
  });
}

describe("rounding to nearest", () => {
  it.each([
    ["matrices", roundToNearest],
    ["tables", roundTable],
  ])("%s: no value is off by more than a step, and zero stays zero", (_, round) => {
    fc.assert(
      fc.property(weights, formats, (source, format) => {
        const blocks = round(source.data, source.lines, source.length, format);
        if (blocks === undefined) throw new Error("refused");
        checkError(source, blocks, format);
        const found = dequantize(blocks, format);
        source.data.forEach((v, at) => {
          if (v === 0) expect(found[at] === 0, `${at}: ${found[at]}`).toBe(true);
        });
      }),
      { numRuns: 300 },
    );
  });

  it("is idempotent for symmetric blocks", () => {
    fc.assert(
      fc.property(weights, formats, (source, format) => {
        const used = { ...format, symmetric: true };
        const once = roundToNearest(source.data, source.lines, source.length, used);
        if (once === undefined) throw new Error("refused");
        const restored = dequantize(once, used);
        const twice = roundToNearest(restored, source.lines, source.length, used);
        expect(twice?.values).toEqual(once.values);
      }),
      { numRuns: 200 },
    );
  });

  it("gives every form of a matrix the same integers", () => {
    fc.assert(
      fc.property(weights, ({ data, lines, length }) => {
        const plain = columnsOf({ data, rows: lines, columns: length, transposed: false });
        const back = columnsOf({ data: plain, rows: length, columns: lines, transposed: false });
        expect(back).toEqual(data);
      }),
    );
  });
});

describe("packing", () => {
  it("keeps every number", () => {
    fc.assert(
      fc.property(sizes, fc.nat(1000), ({ lines, length }, seed) => {
        const values = Uint8Array.from(randomFloats(lines * length, seed), (v) => Math.floor((v + 1) * 7.99));
        const packed = packLines(values, length, 4);
        const bytes = Math.ceil(length / 2);
        values.forEach((v, at) => {
          const byte = packed[Math.floor(at / length) * bytes + ((at % length) >> 1)] ?? 0;
          expect((byte >> (4 * ((at % length) & 1))) & 15).toBe(v);
        });
      }),
    );
  });
});

describe("HQQ", () => {
  it("is mostly nearer to the weights than where it starts, and never much further", () => {
    const norm = (a: Float32Array, b: Float32Array) =>
      a.reduce((sum, v, at) => sum + Math.abs(v - (b[at] ?? 0)), 0);
    let better = 0;
    fc.assert(
      fc.property(weights, formats, (source, format) => {
        const before = halfQuadratic(source.data, source.lines, source.length, format, false);
        const after = halfQuadratic(source.data, source.lines, source.length, format);
        if (before === undefined || after === undefined) throw new Error("refused");
        expect(trimmed(after)).toHaveLength(source.data.length);
        const [first, last] = [before, after].map((blocks) => norm(source.data, dequantize(blocks, format)));
        if ((last ?? 0) < (first ?? 0)) better++;
        expect(last).toBeLessThanOrEqual((first ?? 0) * 1.25 + 1e-37);
      }),
      { numRuns: 200 },
    );
    expect(better).toBeGreaterThan(100);
  });
});

describe("whole models", () => {
  it("stand for what the kernels' integers stand for, whatever the shape", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 16, max: 90 }),
        fc.integer({ min: 2, max: 40 }),
        formats,
        async (rows, columns, format) => {
          const source = model(
            graph({
              input: [value("x", [2, rows])],
              output: [value("y", [2, columns])],
              node: [node("MatMul", ["x", "w"], ["y"])],
              initializer: [weight("w", [rows, columns], rows)],
            }),
          );
          const original = readFloats(source.graph.initializer[0]!);
          const options = quantizeBlockwiseSchema.parse({
            use: "quantize.blockwise",
            bits: format.bits,
            block_size: format.blockSize,
            symmetric: format.symmetric,
          });
          const { changed, skipped } = await quantizeBlockwise(source, options, silent);
          if (changed.length === 0) {
            expect(english(skipped[0]?.reason ?? "")).toMatch(/smaller than one block|would grow/);
            return;
          }
          const meant = readTensor(dequantizedModel(source).graph.initializer.at(-1)!) as Float32Array;
          const found = roundToNearest(
            columnsOf({ data: original, rows, columns, transposed: false }),
            columns,
            rows,
            format,
          );
          const expected = dequantize(found!, format);
          for (let row = 0; row < rows; row++) {
            for (let column = 0; column < columns; column++) {
              expect(meant[row * columns + column]).toBe(expected[column * rows + row]);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
