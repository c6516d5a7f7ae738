import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inlinePool, type Pool } from "../pool.ts";
import { Magnitudes } from "./magnitudes.ts";
import { bitsOf, keptAt } from "./select.ts";
import { sharedThreshold } from "./shared-threshold.ts";

/** A pool that notes which tasks it ran. */
class NotingPool implements Pool {
  readonly size = 1;
  readonly ran: string[] = [];

  run: Pool["run"] = (task, input) => {
    this.ran.push(task.module.split("/").at(-1) ?? "");
    return inlinePool.run(task, input);
  };
}

const bytesOf = (values: Float32Array) => new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
const magnitudesOf = (lists: readonly Float32Array[]) =>
  Uint32Array.from(lists.flatMap((list) => [...bitsOf(list)].map((word) => word & 0x7fff_ffff))).sort();

/** Looks for the threshold by a sample, and compares it and what is told of each tensor with a sorted list. */
async function found(lists: readonly Float32Array[], sparsity: number): Promise<readonly string[]> {
  const pool = new NotingPool();
  const group = lists.map((list) => new Magnitudes(bytesOf(list), pool));
  const threshold = await sharedThreshold(group, sparsity, 1 << 16);
  const sorted = magnitudesOf(lists);
  expect(threshold).toBe(sorted[sorted.length - keptAt(sorted.length, sparsity)]);
  for (const [at, one] of group.entries()) {
    const own = magnitudesOf([lists[at] ?? new Float32Array()]);
    const tally = await one.tally(threshold);
    expect(tally.below).toBe(own.filter((magnitude) => magnitude < threshold).length);
    expect(tally.zeros).toBe(own.filter((magnitude) => magnitude === 0).length);
  }
  return pool.ran;
}

const passes = (ran: readonly string[]) => [...new Set(ran)];
/** Values as of weights: small ones are more frequent. */
const weights = (count: number, seed: number, scale = 1) =>
  new Float32Array(count).map((_, at) => scale * Math.sin(at * seed) ** 3);

describe("a threshold for several tensors together", () => {
  it.each([0.1, 0.5, 0.9, 0.99])(
    "takes one pass where the sample is right: sparsity %f",
    async (sparsity) => {
      const lists = [
        weights(600_001, 1.7),
        weights(300_000, 0.3, 0.1),
        weights(1000, 0.9),
        weights(700_000, 2.9, 3),
      ];
      expect(passes(await found(lists, sparsity))).toEqual(["gather.ts"]);
    },
  );

  it("takes two where the sample says something else than the whole", async () => {
    const misleading = weights(1 << 20, 1.7).map((value, at) =>
      Math.floor(at / 4096) % 16 === 0 ? value * 100 : value,
    );
    expect(passes(await found([misleading], 0.5))).toEqual(["gather.ts", "counting.ts"]);
  });

  it("takes two where more is within than was expected", async () => {
    const alike = weights(1 << 20, 1.7).map((value, at) =>
      Math.floor(at / 4096) % 16 === 0 ? value : 0.125 + 0.001 * value,
    );
    expect(passes(await found([alike], 0.5))).toEqual(["gather.ts", "counting.ts"]);
  });

  it.each([
    ["many values are equal", new Float32Array(1 << 20).fill(0.5), 0.5],
    ["most are zero", weights(1 << 20, 1.7).map((value, at) => (at % 10 === 0 ? value : 0)), 0.5],
    ["nothing is to go", weights(1 << 20, 1.7), 0],
    ["all is to go", weights(1 << 20, 1.7), 1],
    [
      "there are NaN and infinity",
      weights(1 << 20, 1.7)
        .fill(Number.NaN, 0, 300_000)
        .fill(-1 / 0, 300_000),
      0.1,
    ],
  ])("is right where %s", async (_, values, sparsity) => {
    await found([values], sparsity);
  });

  it("is right for any few values", async () => {
    const lists = fc.array(
      fc.array(fc.float({ noNaN: true })).map((list) => Float32Array.from(list)),
      { minLength: 1, maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(lists, fc.double({ min: 0, max: 1, noNaN: true }), async (given, sparsity) => {
        fc.pre(given.some(({ length }) => length > 0));
        await found(given, sparsity);
      }),
    );
  });

  it("a tensor tells of any threshold, whatever was asked before", async () => {
    const values = weights(400_000, 1.7).fill(0, 0, 1000);
    const sorted = magnitudesOf([values]);
    const below = (threshold: number) => sorted.filter((magnitude) => magnitude < threshold).length;
    const one = new Magnitudes(bytesOf(values), inlinePool);
    for (const threshold of [0x3e00_0000, 0, 1, 0x7f80_0000, 0x3f00_1234]) {
      expect(await one.tally(threshold)).toEqual({ below: below(threshold), zeros: 1000 });
    }
    const window = { low: 0x3d00_0000, high: 0x3e80_0000 };
    await one.gather(window);
    for (const threshold of [window.low, window.low + 12_345, window.high, window.high + 1]) {
      expect(await one.tally(threshold)).toEqual({ below: below(threshold), zeros: 1000 });
    }
  });
});
