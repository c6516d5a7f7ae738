import { EngineError } from "#engine/error.ts";
import type { PassTools } from "#engine/passes/pass.ts";

/**
 * Tools with which techniques go as far as they can without executing anything: there is data to calibrate on, and
 * every graph is refused as ONNX Runtime refuses one. Hostile models are executed in child processes only.
 */
export const refusingTools: Partial<PassTools> = {
  load: () => Promise.reject(new EngineError("runtime-refused", "Nothing is executed here")),
  calibration: { items: 1, description: "one item", batches: () => [] },
};
