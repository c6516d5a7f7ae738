import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import { type Bits, packLines, trimmed } from "./blocks.ts";
import { columnsOf } from "./columns.ts";
import { roundToNearest } from "./rtn.ts";
import { roundTable } from "./table.ts";

interface Input {
  dims: [number, number];
  f32: string;
}
interface Vector {
  in: string;
  bits: number;
  block: number;
  sym: boolean;
  packed: string;
  scales: string;
  zp: string;
}

const file = sharedData("golden/nbits/nbits-vectors.json");
const vectors =
  file === undefined
    ? undefined
    : (JSON.parse(readFileSync(file, "utf8")) as {
        inputs: Record<string, Input>;
        matmulNBits: Vector[];
        gatherBlock: (Vector & { axis: number })[];
      });

function floats(base64: string): Float32Array {
  return new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);
}
const bytes = (values: ArrayBufferView) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");

describe.skipIf(vectors === undefined)(
  "round to nearest equals ONNX Runtime 1.27.1's quantize_matmul_nbits",
  () => {
    const cases = vectors?.matmulNBits.filter(({ bits }) => bits !== 2) ?? [];

    it.each([4, 8] as const)("%i bits, symmetric and not", (bits) => {
      let compared = 0;
      for (const vector of cases) {
        if (vector.bits !== bits) continue;
        const { dims, f32 } = vectors?.inputs[vector.in] ?? { dims: [0, 0], f32: "" };
        const [rows, columns] = dims;
        const matrix = { data: floats(f32), rows, columns, transposed: false };
        const format = {
          bits: bits as Bits,
          blockSize: vector.block,
          symmetric: vector.sym,
          scaleType: "float32" as const,
        };
        const found = roundToNearest(columnsOf(matrix), columns, rows, format);
        const name = `${vector.in} block ${vector.block} ${vector.sym ? "symmetric" : "asymmetric"}`;
        if (found === undefined) throw new Error(`${name}: refused`);
        const perLine = found.scales.length / columns;
        expect(bytes(found.scales), name).toBe(vector.scales);
        expect(bytes(packLines(found.values, perLine * vector.block, bits)), name).toBe(vector.packed);
        if (found.zeroPoints instanceof Uint8Array) {
          expect(bytes(packLines(found.zeroPoints, perLine, bits, 8)), name).toBe(vector.zp);
        }
        compared++;
      }
      console.log(`${bits} bits: ${compared} vectors equal`);
      expect(compared).toBe(bits === 4 ? 170 : 34);
    });
  },
);

describe.skipIf(vectors === undefined)("tables equal ONNX Runtime 1.27.1's quantize_ndarray", () => {
  /** ONNX Runtime stores symmetric tables as int4, here they are unsigned around 8. */
  const flip = (packed: Uint8Array, symmetric: boolean) =>
    symmetric ? packed.map((byte) => byte ^ 0x88) : packed;

  it("blocks along the rows", () => {
    let compared = 0;
    for (const vector of vectors?.gatherBlock ?? []) {
      const { dims, f32 } = vectors?.inputs[vector.in] ?? { dims: [0, 0], f32: "" };
      const [first, second] = dims;
      // Blocks along the first axis are blocks along the rows of the transposed table.
      const matrix = { data: floats(f32), rows: first, columns: second, transposed: vector.axis === 1 };
      const [lines, length] = vector.axis === 1 ? [first, second] : [second, first];
      const format = {
        bits: 4,
        blockSize: vector.block,
        symmetric: vector.sym,
        scaleType: "float32",
      } as const;
      const found = roundTable(columnsOf(matrix), lines, length, format);
      const name = `${vector.in} axis ${vector.axis} block ${vector.block} ${vector.sym}`;
      if (found === undefined) throw new Error(`${name}: refused`);
      const perLine = found.scales.length / lines;
      const back = <T extends Uint8Array | Float32Array>(values: T, of: number): T =>
        vector.axis === 1 ? values : transposed(values, lines, of);
      const pack = (values: Uint8Array) => packLines(values, values.length, 4);
      expect(bytes(back(found.scales, perLine)), name).toBe(vector.scales);
      expect(bytes(flip(pack(back(trimmed(found), length)), vector.sym)), name).toBe(vector.packed);
      if (found.zeroPoints instanceof Uint8Array) {
        expect(bytes(pack(back(found.zeroPoints, perLine))), name).toBe(vector.zp);
      }
      compared++;
    }
    console.log(`${compared} tables equal`);
    expect(compared).toBe(72);
  });
});

function transposed<T extends Uint8Array | Float32Array>(values: T, rows: number, columns: number): T {
  const out = values.slice() as T;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++)
      out[column * rows + row] = values[row * columns + column]!;
  }
  return out;
}
