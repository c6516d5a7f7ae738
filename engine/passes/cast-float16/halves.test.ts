import { describe, expect, it } from "vitest";
import { overPieces } from "../pieces.ts";
import { inlinePool } from "../pool.ts";
import { toHalves } from "./convert.ts";
import { map, scanHalves } from "./halves.ts";

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer);
const bits = (...words: number[]) => new Float32Array(Uint32Array.from(words).buffer);

/** Every bit pattern of a stride that is a prime: all exponents, all kinds of ties among them. */
function everyKind(lowest: number, highest: number): Float32Array {
  const words: number[] = [];
  for (let word = lowest; word <= highest; word += 20_011) words.push(word, (word | 0x8000_0000) >>> 0);
  // Ties: the thirteen bits that go are 1000000000000.
  for (let word = lowest & ~0x1fff; word <= highest - 0x1000; word += 0x2000 * 97) words.push(word | 0x1000);
  return bits(0, 0x8000_0000, ...words);
}

const smallest = 0x3380_0000;
const largest = 0x477f_e000;

describe("plain values", () => {
  it("are converted alike by the quick way and by the rule", async () => {
    const values = everyKind(smallest, largest);
    expect(values.length).toBeGreaterThan(30_000);
    const [found] = await overPieces(inlinePool, scanHalves, bytesOf(values), null);
    expect(found).toEqual({ odd: 0, clamped: 0 });
    const quick = new Uint16Array(map(bytesOf(values), { plain: true }).buffer);
    expect(Buffer.compare(Buffer.from(quick.buffer), Buffer.from(toHalves(values).bits.buffer))).toBe(0);
  });
});

describe("values that are not plain", () => {
  it.each([
    ["beyond the range", bits(0x4780_0000, 0xc780_0000), { odd: 2, clamped: 2 }],
    ["infinite or no number", bits(0x7f80_0000, 0xff80_0000, 0x7fc0_0000), { odd: 3, clamped: 0 }],
    ["so small that they would vanish", bits(1, 0x8000_0001, 0x3300_0000), { odd: 3, clamped: 0 }],
    ["none", bits(0, 0x8000_0000, smallest, largest), { odd: 0, clamped: 0 }],
  ])("%s", async (_, values, expected) => {
    expect(await overPieces(inlinePool, scanHalves, bytesOf(values), null)).toEqual([expected]);
    const made = new Uint16Array(map(bytesOf(values), { plain: false }).buffer);
    expect([...made]).toEqual([...toHalves(values).bits]);
  });
});
