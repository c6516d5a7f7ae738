import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { sharedData } from "#engine/testing/shared.ts";
import { quantizeChannels, quantizeTensor } from "./quantize.ts";
import { integerRange, integerTypes } from "./range.ts";
import { scaleZeroPoint } from "./scale.ts";

const type = z.enum(integerTypes);
const fileSchema = z.object({
  ranges: z.array(z.object({ type, sym: z.boolean(), rr: z.boolean(), qmin: z.number(), qmax: z.number() })),
  inputs: z.record(z.string(), z.object({ dims: z.array(z.number()), f32: z.string() })),
  quantizeData: z.array(
    z.object({
      in: z.string(),
      type,
      sym: z.boolean(),
      rr: z.boolean(),
      scale: z.string().optional(),
      zp: z.number().optional(),
      q: z.array(z.number()).optional(),
      error: z.string().optional(),
      platformDependent: z.boolean().optional(),
      minRealRange: z.string().optional(),
      rminOverride: z.string().optional(),
    }),
  ),
  computeScaleZp: z.array(
    z.object({
      rmin: z.string(),
      rmax: z.string(),
      type,
      sym: z.boolean(),
      rr: z.boolean(),
      scale: z.string(),
      zp: z.number(),
      minRealRange: z.string().optional(),
    }),
  ),
  perChannel: z.array(
    z.object({
      in: z.string(),
      type,
      axis: z.number(),
      weightSymmetric: z.boolean().nullable(),
      rr: z.boolean(),
      scale: z.array(z.string()),
      zp: z.array(z.number()),
      q: z.array(z.number()),
    }),
  ),
});

const path = sharedData("golden/scale-zp.json");
const golden = path === undefined ? undefined : fileSchema.parse(JSON.parse(readFileSync(path, "utf8")));

function floatOf(hex: string): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, Number.parseInt(hex, 16));
  return view.getFloat32(0);
}

function hexOf(value: number): string {
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, value);
  return view.getUint32(0).toString(16).padStart(8, "0");
}

function input(name: string): { dims: number[]; data: Float32Array } {
  const found = golden?.inputs[name];
  if (found === undefined) throw new Error(`no golden input ${name}`);
  const bytes = Uint8Array.from(Buffer.from(found.f32, "base64"));
  return { dims: found.dims, data: new Float32Array(bytes.buffer) };
}

describe.skipIf(golden === undefined)("quantisation arithmetic equals ONNX Runtime's", () => {
  it("integer ranges", () => {
    for (const { type, sym, rr, qmin, qmax } of golden?.ranges ?? []) {
      expect(integerRange(type, { symmetric: sym, reduceRange: rr })).toEqual({ min: qmin, max: qmax });
    }
  });

  it("scale and zero point", () => {
    let checked = 0;
    for (const entry of golden?.computeScaleZp ?? []) {
      if (entry.minRealRange !== undefined) continue;
      const range = integerRange(entry.type, { symmetric: entry.sym, reduceRange: entry.rr });
      const found = scaleZeroPoint(floatOf(entry.rmin), floatOf(entry.rmax), range, entry.sym);
      expect([hexOf(found.scale), found.zeroPoint], JSON.stringify(entry)).toEqual([entry.scale, entry.zp]);
      checked++;
    }
    console.log(`scale and zero point: ${checked} golden pairs`);
    expect(checked).toBeGreaterThan(1000);
  });

  it("whole tensors", () => {
    let checked = 0;
    for (const entry of golden?.quantizeData ?? []) {
      if (entry.minRealRange !== undefined || entry.rminOverride !== undefined) continue;
      const found = quantizeTensor(input(entry.in).data, entry.type, {
        symmetric: entry.sym,
        reduceRange: entry.rr,
      });
      // ONNX Runtime writes an infinite scale for a range that overflows; no scale is the honest answer.
      if (entry.error !== undefined || entry.platformDependent || entry.scale === "7f800000") {
        expect(found, JSON.stringify(entry)).toBeUndefined();
      } else {
        expect(found && [hexOf(found.scales[0] ?? 0), ...found.zeroPoints, ...found.values]).toEqual([
          entry.scale,
          entry.zp,
          ...(entry.q ?? []),
        ]);
      }
      checked++;
    }
    console.log(`whole tensors: ${checked} golden vectors`);
    expect(checked).toBeGreaterThan(1000);
  });

  it("per channel", () => {
    let checked = 0;
    for (const entry of golden?.perChannel ?? []) {
      const { dims, data } = input(entry.in);
      const axis = entry.axis < 0 ? entry.axis + dims.length : entry.axis;
      const inner = dims.slice(axis + 1).reduce((a, b) => a * b, 1);
      const symmetric = entry.weightSymmetric ?? entry.type.startsWith("int");
      const found = quantizeChannels(data, { channels: dims[axis] ?? 1, inner }, entry.type, {
        symmetric,
        reduceRange: entry.rr,
      });
      expect(found && [...found.scales].map(hexOf), JSON.stringify(entry)).toEqual(entry.scale);
      expect(found?.zeroPoints).toEqual(entry.zp);
      expect([...(found?.values ?? [])]).toEqual(entry.q);
      checked++;
    }
    console.log(`per channel: ${checked} golden vectors`);
    expect(checked).toBeGreaterThan(400);
  });
});
