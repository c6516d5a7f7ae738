import { describe, expect, it } from "vitest";
import { stepSchema } from "#engine/passes/step.schema.ts";
import { stepSummary } from "./step-summary.ts";

const summary = (step: object) => stepSummary(stepSchema.parse(step));

describe("stepSummary", () => {
  it("names the technique and what a reader must know of it", () => {
    expect(summary({ use: "prune.magnitude" })).toBe("prune.magnitude 50%");
    expect(summary({ use: "prune.magnitude", sparsity: 0.925, scope: "layer", protect: ["a"] })).toBe(
      "prune.magnitude 92.5% per layer protect 1",
    );
    expect(summary({ use: "prune.magnitude", threshold: 0.01 })).toBe("prune.magnitude < 0.01");
    expect(summary({ use: "quantize.dynamic", per_channel: true })).toBe("quantize.dynamic int8 per channel");
    expect(summary({ use: "cast.float16" })).toBe("cast.float16");
  });
});
