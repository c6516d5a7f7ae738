import { afterAll, describe, expect, it } from "vitest";
import { english } from "#engine/english.ts";
import { countMacs } from "#engine/graph/macs.ts";
import { modelProblems } from "#engine/graph/validate.ts";
import { countParameters } from "#engine/inspect/parameters.ts";
import type { Model } from "#engine/onnx/model.ts";
import { sharedData } from "#engine/testing/shared.ts";
import { compressModel, notApplicableReason } from "../../compress.ts";
import { checkRecipe } from "../../recipes.ts";
import { pruneStructuredSchema } from "../prune.structured.schema.ts";
import { Comparer } from "../testing/compare.ts";
import { loadModel } from "../testing/describe.ts";
import { maskUnits, withRandomWeights } from "../testing/mask-units.ts";
import { realModels } from "../testing/real-models.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const present = realModels.filter(({ path }) => sharedData(path) !== undefined);

/** Models that keep all their units, and the word in the reason that says why. */
const unchanged: Record<string, RegExp> = {
  "gru.onnx": /fixed size/,
  "scaler.onnx": /no layer whose units/,
  "magika-fast-v2_1/model.onnx": /not followed|normalises/,
};

/** The two largest of the models without weights take too long with random ones in every test. */
const heavy = /resnet50|densenet/;

function load(path: string): Model {
  const model = loadModel(sharedData(path) ?? "");
  return path.includes("/light/") && !heavy.test(path) ? withRandomWeights(model) : model;
}

const variants = [
  { name: "by layer", ratio: 0.3 },
  { name: "globally", ratio: 0.6, scope: "global", importance: "l1" },
  { name: "to multiples of 8", ratio: 0.5, round_to: 8, heads: false },
];

describe.skipIf(present.length === 0)("models of others", () => {
  it.each(variants)("become smaller and run, $name", { timeout: 120_000 }, async ({ name, ...options }) => {
    const step = { use: "prune.structured", ...options };
    const rows: string[] = [];
    let shrunk = 0;
    for (const { path, options: inputs } of present) {
      const model = load(path);
      const result = await compressModel(model, checkRecipe({ name, steps: [step] }));
      if (result.outcome === "not-applicable") {
        const reason = english(notApplicableReason(result) ?? "");
        rows.push(`${path} | ${reason.slice(0, 160)}`);
        const known = Object.entries(unchanged).find(([end]) => path.endsWith(end))?.[1];
        if (options.round_to === undefined) expect(reason, path).toMatch(known ?? /^$/);
        else expect(reason, path).toMatch(/every group keeps|no layer/);
        continue;
      }
      shrunk++;
      expect(modelProblems(result.model), path).toEqual([]);
      const masked = maskUnits(model, pruneStructuredSchema.parse(step));
      const weightless = path.includes("/light/") && heavy.test(path);
      // Where every weight is made by the graph there is nothing to mask: it only has to run.
      const { error, outputs } = await comparer.compare(
        weightless ? model : (masked ?? model),
        result.model,
        inputs,
      );
      expect(error, path).toBeUndefined();
      expect(outputs.length, path).toBeGreaterThan(0);
      for (const output of outputs) {
        expect(output.finite, `${path} ${output.name}`).toBe(true);
        if (!weightless)
          expect(output.maxAbs, `${path} ${output.name}`).toBeLessThan(1e-4 * (output.rms + 1));
      }
      const [before, after] = [model, result.model].map((each) => countParameters(each).parameters);
      const [macs, fewer] = [model, result.model].map((each) => countMacs(each).macs);
      // Without weights in the file nearly all parameters are made when the model runs, and not counted.
      if (!weightless) expect(after, path).toBeLessThan(before ?? 0);
      // A factorisation multiplies nothing that is counted; the work of the speech model depends on its input.
      if (macs && fewer) expect(fewer, path).toBeLessThan(macs);
      const share = (now: number | null | undefined, then: number | null | undefined) =>
        now && then ? `×${(now / then).toFixed(3)}` : "not counted";
      rows.push(`${path} | parameters ${share(after, before)} | multiplications ${share(fewer, macs)}`);
    }
    console.log(`${name}: ${shrunk} of ${present.length} models became smaller\n${rows.join("\n")}`);
    expect(shrunk).toBeGreaterThanOrEqual(options.round_to === undefined ? 22 : 18);
  });
});
