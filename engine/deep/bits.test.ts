import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { joinChunks } from "#engine/onnx/encode.ts";
import { BitReader } from "./bit-reader.ts";
import { BitWriter, varintBytes } from "./bit-writer.ts";
import { crc32 } from "./crc32.ts";
import { TableReader } from "./table.ts";

describe("bits", () => {
  it("stand in a byte the highest first", () => {
    const writer = new BitWriter();
    writer.bits(0b101, 3);
    writer.bits(0b01, 2);
    writer.align();
    writer.bits(0x123, 12);
    expect(joinChunks(writer.finish())).toEqual(Uint8Array.of(0b10101000, 0x12, 0x30));
  });

  it("come back, whatever their widths and the size of the writer's block", () => {
    const field = fc
      .integer({ min: 1, max: 16 })
      .chain((bits) => fc.tuple(fc.constant(bits), fc.nat(2 ** bits - 1)));
    fc.assert(
      fc.property(fc.array(field, { maxLength: 300 }), fc.nat(200), (fields, block) => {
        const writer = new BitWriter(block);
        for (const [bits, value] of fields) writer.bits(value, bits);
        const reader = new BitReader(joinChunks(writer.finish()), "here");
        expect(fields.map(([bits]) => reader.bits(bits))).toEqual(fields.map(([, value]) => value));
        expect(() => reader.end()).not.toThrow();
      }),
    );
  });

  it("mix with bytes at byte boundaries", () => {
    const long = new Uint8Array(40_000).map((_, at) => at * 7);
    const writer = new BitWriter(100);
    writer.bits(1, 1);
    writer.align();
    writer.bytes(long);
    writer.bits(5, 8);
    writer.bytes(Uint8Array.of(1, 2));
    expect(writer.length).toBe(40_004);
    const reader = new BitReader(joinChunks(writer.finish()), "here");
    expect(reader.bits(1)).toBe(1);
    expect(reader.take(40_000)).toEqual(long);
    expect(reader.bits(8)).toBe(5);
    expect(reader.take(2)).toEqual(Uint8Array.of(1, 2));
  });

  it("behind the end are noticed", () => {
    const reader = new BitReader(Uint8Array.of(0xff), "part 4 of the deep form");
    expect(reader.bits(8)).toBe(0xff);
    expect(() => reader.check()).not.toThrow();
    expect(reader.bits(1)).toBe(0);
    expect(() => reader.check()).toThrow(/end early.*part 4/);
    expect(() => new BitReader(Uint8Array.of(1), "here").take(2)).toThrow(/2 bytes.*1 are left/);
  });

  it("left over, or set where they fill up a byte, are noticed", () => {
    const reader = new BitReader(Uint8Array.of(0b10100000, 1), "here");
    expect(reader.bits(1)).toBe(1);
    expect(() => reader.align()).toThrow(/not zero/);
    expect(() => new BitReader(Uint8Array.of(1), "here").end()).toThrow(/1 bytes are left over/);
  });
});

describe("numbers of the table", () => {
  it("come back, and take what varintBytes says", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (value) => {
        const writer = new BitWriter();
        writer.varint(value);
        const bytes = joinChunks(writer.finish());
        expect(bytes.length).toBe(varintBytes(value));
        expect(new TableReader(bytes, "the table").varint(Number.MAX_SAFE_INTEGER, "number")).toBe(value);
      }),
      { examples: [[0], [127], [128], [16_383], [2 ** 53 - 1]] },
    );
  });

  it("are bounded, however they are written", () => {
    const read = (...bytes: number[]) =>
      new TableReader(Uint8Array.from(bytes), "the table").varint(200, "count");
    expect(read(0xc8, 0x01)).toBe(200);
    expect(() => read(0xc9, 0x01)).toThrow(/impossible count: at most 200.*the table, byte 2/);
    expect(() => read(...new Array(20).fill(0x80))).toThrow(/impossible count/);
    expect(() => read(0x80)).toThrow(/ends early/);
  });
});

describe("the checksum", () => {
  it("is that of gzip and PNG", () => {
    expect(crc32(new TextEncoder().encode("123456789"))).toBe(0xcbf43926);
    expect(crc32(new Uint8Array())).toBe(0);
    expect(crc32(new TextEncoder().encode("The quick brown fox jumps over the lazy dog"))).toBe(0x414fa339);
  });

  it("does not depend on where the bytes lie", () => {
    const bytes = new Uint8Array(1000).map((_, at) => at * at);
    const moved = new Uint8Array(1003);
    moved.set(bytes, 3);
    expect(crc32(moved.subarray(3))).toBe(crc32(bytes));
  });
});
