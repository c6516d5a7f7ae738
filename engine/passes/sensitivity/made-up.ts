import { indexBounds } from "#engine/evaluate/fidelity/index-bounds.ts";
import { seededFeeds } from "#engine/evaluate/fidelity/seeded-inputs.ts";
import type { Graph } from "#engine/onnx/model.ts";
import { say } from "#engine/say.ts";
import type { CalibrationData } from "../pass.ts";

/**
 * Made-up inputs in the place of calibration items, the same for the same seed on every machine. What they show of a
 * model is weaker than what its own data shows.
 *
 * @param items calls of the model
 */
export function madeUpData(graph: Graph, seed: number, items: number): CalibrationData {
  return {
    items,
    description: say("common.madeUp", { count: items, seed: String(seed) }),
    batches: (signature) => seededFeeds(signature, { items, seed, bounds: indexBounds(graph) }),
  };
}
