import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { EngineError } from "#engine/error.ts";
import { cloneStructure } from "#engine/graph/clone.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { pruneWandaSchema } from "../prune.wanda.schema.ts";
import { pruneWanda } from "../prune.wanda.ts";
import { madeUpData } from "../sensitivity/made-up.ts";
import { calibrating } from "../testing/calibration.ts";
import { Comparer } from "../testing/compare.ts";
import { loadModel } from "../testing/describe.ts";
import { realModels } from "../testing/real-models.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const present = realModels.filter(({ path }) => sharedData(path) !== undefined);

describe.skipIf(present.length === 0)("real models, 2 % of the weights, on made-up inputs", () => {
  it("stay close to their originals, or are left alone with a reason", { timeout: 60_000 }, async () => {
    const step = pruneWandaSchema.parse({ use: "prune.wanda", sparsity: 0.02 });
    const lines: string[] = [];
    let pruned = 0;
    for (const { path, options } of present) {
      const original = loadModel(sharedData(path) ?? "");
      const changed = cloneStructure(original);
      try {
        const { changed: changes, skipped } = await pruneWanda(
          changed,
          step,
          calibrating(madeUpData(original.graph, 1, 4)),
        );
        if (changes.length === 0) {
          expect(skipped.length, path).toBeGreaterThan(0);
          lines.push(`${path} | left alone: ${english(skipped[0]?.reason ?? "")}`);
          continue;
        }
        lines.push(`${path} | ${changes.length - 1} tensors, ${skipped.length} left alone`);
      } catch (error) {
        // Inputs made up without knowledge of the model can be refused by it.
        if (!(error instanceof EngineError) || error.code !== "runtime-refused") throw error;
        lines.push(`${path} | ${error.message.slice(0, 100)}`);
        continue;
      }
      pruned++;
      expect(modelProblems(changed), path).toEqual([]);
      const { error, outputs } = await comparer.compare(original, changed, options);
      expect(error, path).toBeUndefined();
      for (const { name, cosine, finite } of outputs) {
        expect(finite, `${path} ${name}`).toBe(true);
        expect(cosine, `${path} ${name}`).toBeGreaterThan(0.998);
      }
    }
    console.log(lines.join("\n"));
    expect(pruned).toBeGreaterThanOrEqual(12);
  });
});
