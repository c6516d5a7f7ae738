import { describe, expect, it } from "vitest";
import { endure, timeOnSharedProcessor } from "./endure.ts";
import type { LargeModels } from "./large/build.ts";

/** Bytes by which the peak of a process may exceed what it holds before: the files have a few megabytes at most. */
const memoryAllowed = 3 * 2 ** 29;

/** A test for each: all techniques, in time and memory. */
export function describeLarge(models: LargeModels): void {
  describe("small files that ask for much", () => {
    it.each(Object.entries(models))(
      "%s: a result or an EngineError",
      { timeout: 120_000 },
      async (_, make) => {
        const model = make();
        const before = process.memoryUsage.rss();
        const { slowest } = await endure(model);
        expect(slowest.milliseconds, slowest.stage).toBeLessThan(timeOnSharedProcessor);
        expect(process.resourceUsage().maxRSS * 1024 - before).toBeLessThan(memoryAllowed);
      },
    );
  });
}
