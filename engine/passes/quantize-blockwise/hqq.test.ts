import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import type { Bits } from "./blocks.ts";
import { columnsOf } from "./columns.ts";
import { halfQuadratic } from "./hqq.ts";

interface Vector {
  in: string;
  group: number;
  bits: number;
  optimize: boolean;
  q: string;
  scale: string;
  zero: string;
}

const folder = sharedData("golden/nbits");
const read = (name: string) => (folder ? JSON.parse(readFileSync(`${folder}/${name}`, "utf8")) : {});
const inputs: Record<string, { dims: [number, number]; f32: string }> =
  read("nbits-vectors.json").inputs ?? {};
const vectors: Vector[] = (read("hqq-vectors.json").hqq ?? []).filter(({ bits }: Vector) => bits !== 2);

const floats = (base64: string) => new Float32Array(Uint8Array.from(Buffer.from(base64, "base64")).buffer);

function run(vector: Vector) {
  const { dims, f32 } = inputs[vector.in] ?? { dims: [0, 0], f32: "" };
  const [rows, columns] = dims;
  const matrix = { data: floats(f32), rows, columns, transposed: false };
  const format = {
    bits: vector.bits as Bits,
    blockSize: vector.group,
    symmetric: false,
    scaleType: "float32",
  } as const;
  const found = halfQuadratic(columnsOf(matrix), columns, rows, format, vector.optimize);
  if (found === undefined) throw new Error(`${vector.in}: refused`);
  return found;
}

describe.skipIf(folder === undefined)("HQQ agrees with ONNX Runtime 1.27.1's on PyTorch", () => {
  it("to the bit where nothing is optimised", () => {
    const plain = vectors.filter(({ optimize }) => !optimize);
    for (const vector of plain) {
      const found = run(vector);
      expect([...found.values], vector.in).toEqual([...Buffer.from(vector.q, "base64")]);
      expect([...found.scales], vector.in).toEqual([...floats(vector.scale)]);
      // Adding zero: PyTorch rounds −0 to −0.
      const zeros = (values: ArrayLike<number>) => Array.from(values, (zero) => zero + 0);
      expect(zeros(found.zeroPoints ?? []), vector.in).toEqual(zeros(floats(vector.zero)));
    }
    expect(plain.length).toBe(44);
  });

  it("but for rare ties where it is", () => {
    const optimized = vectors.filter(({ optimize }) => optimize);
    let [different, total, worst] = [0, 0, 0];
    for (const vector of optimized) {
      const found = run(vector);
      const expected = Buffer.from(vector.q, "base64");
      expected.forEach((value, at) => {
        if (value !== found.values[at]) different++;
      });
      total += expected.length;
      expect([...found.scales], vector.in).toEqual([...floats(vector.scale)]);
      floats(vector.zero).forEach((zero, at) => {
        worst = Math.max(worst, Math.abs((found.zeroPoints?.[at] ?? 0) - zero) / Math.max(1, Math.abs(zero)));
      });
    }
    console.log(`HQQ: ${different} of ${total} integers differ, zero points by ${worst}`);
    expect(optimized.length).toBe(44);
    expect(different / total).toBeLessThan(1e-3);
    expect(worst).toBeLessThan(1e-5);
  });
});
