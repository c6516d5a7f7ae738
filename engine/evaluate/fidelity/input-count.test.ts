import fc from "fast-check";
import { expect, it } from "vitest";
import { seededInputCount } from "./input-count.ts";

it.each([
  ["a small dense network", { macs: 8_040, elements: 794 }, 1024],
  ["a network on small images", { macs: 81_410_560, elements: 230_400 + 26_520 }, 64],
  ["a tree, whose work is not counted", { macs: null, elements: 20 }, 1024],
  ["a residual network of 4 GMAC", { macs: 4_089_184_256, elements: 150_528 + 1_000 }, 64],
  ["one in between", { macs: 182_102_528, elements: 1_749 }, 256],
])("%s", (_, cost, count) => {
  expect(seededInputCount(cost)).toBe(count);
});

it("never grows with the work, and is a power of two within its bounds", () => {
  const cost = fc.record({ macs: fc.option(fc.nat(1e12)), elements: fc.nat(1e9) });
  fc.assert(
    fc.property(cost, fc.nat(1e10), (small, more) => {
      const count = seededInputCount(small);
      expect(count & (count - 1)).toBe(0);
      expect(count).toBeGreaterThanOrEqual(64);
      expect(count).toBeLessThanOrEqual(1024);
      expect(seededInputCount({ ...small, macs: (small.macs ?? 0) + more })).toBeLessThanOrEqual(count);
      expect(seededInputCount({ ...small, elements: small.elements + more })).toBeLessThanOrEqual(count);
    }),
  );
});
