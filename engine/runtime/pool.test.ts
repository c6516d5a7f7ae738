import { describe, expect, it } from "vitest";
import { EngineError } from "../error.ts";
import { inlinePool, type Pool } from "../passes/pool.ts";
import { ThreadPool } from "./pool.ts";
import { square } from "./testing/square.ts";

async function both(check: (pool: Pool) => Promise<void>): Promise<void> {
  await using threads = new ThreadPool(2);
  await check(inlinePool);
  await check(threads);
}

describe("a pool", () => {
  it("gives every task its own answer, more tasks than threads", () =>
    both(async (pool) => {
      const values = Array.from({ length: 9 }, (_, at) => Float64Array.of(at, -at));
      const answers = await Promise.all(values.map((of) => pool.run(square, { of })));
      expect(answers.map(({ squares }) => [...squares])).toEqual(
        values.map((of) => [...of].map((v) => v * v)),
      );
    }));

  it("hands on what the engine says of a fault, and goes on", () =>
    both(async (pool) => {
      const failed = pool.run(square, { of: Float64Array.of(Number.NaN) });
      await expect(failed).rejects.toThrow(new EngineError("malformed", "not a number", "value 0"));
      await expect(failed).rejects.toMatchObject({ code: "malformed", place: "value 0" });
      expect([...(await pool.run(square, { of: Float64Array.of(3) })).squares]).toEqual([9]);
    }));

  it("does not copy shared memory", async () => {
    await using threads = new ThreadPool(1);
    const shared = new Float64Array(new SharedArrayBuffer(16));
    shared.set([2, 4]);
    await threads.run(square, { of: shared, inPlace: true });
    expect([...shared]).toEqual([4, 16]);
  });

  it("uses no more threads than it may, and other threads than the caller's", async () => {
    await using threads = new ThreadPool(2);
    const ids = await Promise.all(
      Array.from({ length: 8 }, () => threads.run(square, { of: Float64Array.of(1) })),
    );
    const seen = new Set(ids.map(({ thread }) => thread));
    expect(seen.size).toBeLessThanOrEqual(2);
    expect(seen.has(0)).toBe(false);
  });
});
