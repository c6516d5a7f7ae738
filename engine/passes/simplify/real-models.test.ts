import { afterAll, describe, expect, it } from "vitest";
import { indexModel } from "#engine/graph/index.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { realModels as modelFiles } from "#engine/testing/models.ts";
import { Comparer } from "../testing/compare.ts";
import { loadModel } from "../testing/describe.ts";
import { realModels } from "../testing/real-models.ts";
import { simplified } from "./testing/run.ts";

const comparer = new Comparer();
afterAll(() => comparer[Symbol.dispose]());

const files = modelFiles("data/onnx", "data/torch", "data/huggingface");
const countNodes = (model: Model) =>
  indexModel(model).scopes.reduce((sum, { body }) => sum + body.node.length, 0);
const sizeOf = (model: Model) => encodeModel(model).reduce((sum, chunk) => sum + chunk.length, 0);

describe.skipIf(files.length === 0)("models that others made", () => {
  it.each([{}, { freeze_defaults: true }])(
    "simplified with %j compute the same",
    { timeout: 120_000 },
    async (options) => {
      const rows: string[] = [];
      const total = { changed: 0, ran: 0, worst: 0 };
      for (const { name, path } of files) {
        const model = loadModel(path);
        const { model: changed, result } = await simplified(model, options);
        if (result.changed.length === 0) {
          expect(result.skipped[0]?.reason, name).toMatch(/.{10}/);
          continue;
        }
        total.changed++;
        const [before, after] = [countNodes(model), countNodes(changed)];
        expect(after, name).toBeLessThanOrEqual(before);
        expect((await simplified(changed, options)).result.changed, name).toEqual([]);
        const inputs = realModels.find((entry) => name.endsWith(entry.path))?.options;
        const { error, outputs } = await comparer.compare(model, changed, inputs);
        const row = `${name} | ${before} → ${after} nodes | ${sizeOf(model)} → ${sizeOf(changed)} bytes`;
        if (error !== undefined) {
          // What does not run unchanged proves nothing either way.
          expect((await comparer.compare(model, model, inputs)).error, name).toBeDefined();
          rows.push(`${row} | not run`);
          continue;
        }
        total.ran++;
        for (const { maxAbs, rms, finite, name: output } of outputs) {
          expect(finite, `${name} ${output}`).toBe(true);
          expect(maxAbs, `${name} ${output}`).toBeLessThanOrEqual(1e-5 * rms);
          total.worst = Math.max(total.worst, rms === 0 ? 0 : maxAbs / rms);
          rows.push(`${row} | ${(rms === 0 ? 0 : maxAbs / rms).toExponential(1)}`);
        }
      }
      console.log(
        `${total.changed} of ${files.length} files changed, ${total.ran} of them run, worst ${total.worst.toExponential(1)}\n${rows.join("\n")}`,
      );
      expect(total.ran).toBeGreaterThan(30);
    },
  );
});
