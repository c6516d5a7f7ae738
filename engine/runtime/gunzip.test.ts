import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { gunzip, isGzip } from "./gunzip.ts";

describe("gunzip", () => {
  it("gives back what was packed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (bytes) => {
        expect(new Uint8Array(gunzip(gzipSync(bytes), "f"))).toEqual(bytes);
      }),
    );
  });

  it("stops a bomb before it fills the memory", () => {
    const bomb = gzipSync(new Uint8Array(64 << 20));
    expect(bomb.length).toBeLessThan(100_000);
    expect(() => gunzip(bomb, "bomb.gz")).toThrow(/unpacks to more than \d+ bytes.*bomb\.gz/);
    expect(() => gunzip(gzipSync(new Uint8Array(2000)), "f", { maxBytes: 1000, maxRatio: 1e6 })).toThrow(
      "1000 bytes",
    );
  });

  it("says how a file is broken", () => {
    const packed = gzipSync(Buffer.from("hello hello hello"));
    expect(() => gunzip(packed.subarray(0, packed.length - 9), "f")).toThrow("ends early");
    const damaged = Uint8Array.from(packed);
    damaged[packed.length - 6]! ^= 0xff;
    expect(() => gunzip(damaged, "f")).toThrow("not valid gzip");
    expect(isGzip(packed)).toBe(true);
    expect(isGzip(Buffer.from("a,b\n"))).toBe(false);
  });
});
