import { describe, expect, it } from "vitest";
import { overPieces } from "../pieces.ts";
import { inlinePool } from "../pool.ts";
import { toHalves } from "./convert.ts";
import { map, scanHalves } from "./halves.ts";

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer);
const bits = (...words: number[]) => new Float32Array(Uint32Array.from(words).buffer);

describe("values of a large tensor", () => {
  it.each([
    ["beyond the range", bits(0x4780_0000, 0xc780_0000), 2],
    ["infinite or no number", bits(0x7f80_0000, 0xff80_0000, 0x7fc0_0000), 0],
    ["so small that they would vanish", bits(1, 0x8000_0001, 0x3300_0000), 0],
    ["plain ones", bits(0, 0x8000_0000, 0x3380_0000, 0x477f_e000), 0],
  ])("%s", async (_, values, clamped) => {
    expect(await overPieces(inlinePool, scanHalves, bytesOf(values), null)).toEqual([{ clamped }]);
    const made = new Uint16Array(map(bytesOf(values)).slice().buffer);
    expect([...made]).toEqual([...toHalves(values).bits]);
  });
});
