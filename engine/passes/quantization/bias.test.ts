import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { sharedData } from "#engine/testing/shared.ts";
import { fitWeightScales, quantizeBias } from "./bias.ts";

interface BiasCase {
  bias: string[];
  inScale: string;
  wScale: string[];
  beta: string;
  q: number[];
  qScale: string[];
  qdqAdjusted: boolean;
  qdqWScale: string[] | null;
}

const path = sharedData("golden/scale-zp.json");
const cases: BiasCase[] = path === undefined ? [] : JSON.parse(readFileSync(path, "utf8")).bias;

function float32(hex: string): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number.parseInt(hex, 16));
  return view.getFloat32(0);
}
function float64(hex: string): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, BigInt(`0x${hex}`));
  return view.getFloat64(0);
}
const hex = (values: Float32Array | undefined) =>
  values === undefined
    ? undefined
    : Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length), (bits) =>
        bits.toString(16).padStart(8, "0"),
      );

describe.skipIf(path === undefined)("biases equal ONNX Runtime's", () => {
  it("values, scales and the weight's scale where a bias would overflow", () => {
    for (const entry of cases) {
      const bias = Float32Array.from(entry.bias, float32);
      const weightScales = Float32Array.from(entry.wScale, float32);
      const found = quantizeBias(bias, float32(entry.inScale), weightScales, float64(entry.beta));
      expect([...(found?.values ?? [])], JSON.stringify(entry)).toEqual(entry.q);
      expect(hex(found?.scales)).toEqual(entry.qScale);
      const raised = fitWeightScales(bias, float32(entry.inScale), weightScales);
      expect(hex(raised) ?? null, JSON.stringify(entry)).toEqual(entry.qdqWScale);
    }
    expect(cases.length).toBe(24);
    expect(cases.filter((entry) => entry.qdqAdjusted).length).toBeGreaterThan(5);
  });
});

describe("bias", () => {
  it("a raised scale lets every bias fit", () => {
    const bias = Float32Array.of(1e6, -3, 0);
    const scales = Float32Array.of(1e-9, 1e-3, 1e-9);
    const raised = fitWeightScales(bias, 1e-4, scales) ?? scales;
    const found = quantizeBias(bias, 1e-4, raised);
    expect(Math.abs(found?.values[0] ?? 0)).toBeLessThan(2 ** 31 - 1);
    expect([raised[1], raised[2]]).toEqual([scales[1], scales[2]]);
  });

  it("has no integer form where the scale vanishes", () => {
    expect(quantizeBias(Float32Array.of(1), 1e-30, Float32Array.of(1e-30))).toBeUndefined();
  });
});
