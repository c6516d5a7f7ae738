import type { FeedBatch } from "../evaluate/dataset/feeds.ts";
import { type SeededInputOptions, seededFeeds } from "../evaluate/fidelity/seeded-inputs.ts";
import type { ModelSession } from "./session.ts";

/** Sizes for symbolic dimensions, in the order they are tried: windows and pooling refuse short inputs. */
const symbolicSizes = [undefined, 64, 224, 512, 1];

/**
 * Seeded inputs on which a model runs: its signature does not say which sizes of its symbolic dimensions work, so
 * a few are tried. The same model gets the same inputs on every machine.
 *
 * @throws EngineError "runtime-refused" with the first reason where no size works
 */
export async function runnableFeeds(
  session: ModelSession,
  options: SeededInputOptions,
): Promise<FeedBatch[]> {
  const hasChoice = session.signature.inputs.some(({ shape }) =>
    shape.some((dim) => typeof dim === "string"),
  );
  const sizes = hasChoice && options.symbolic === undefined ? symbolicSizes : [options.symbolic];
  let reason: unknown;
  for (const symbolic of sizes) {
    try {
      const feeds = seededFeeds(session.signature, { ...options, symbolic });
      if (feeds[0] !== undefined) await session.run(feeds[0].feeds);
      return feeds;
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason;
}
