import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { realModels } from "#engine/testing/models.ts";
import { indexBounds } from "../evaluate/fidelity/index-bounds.ts";
import { assessFidelity } from "../evaluate/fidelity/report.ts";
import { scoreAxis } from "../evaluate/fidelity/score-axis.ts";
import { decodeModel } from "../onnx/decode.ts";
import { runBatches } from "./predict.ts";
import { runnableFeeds } from "./runnable-feeds.ts";
import { loadSession } from "./session.ts";

/** Written for an operator set that ONNX Runtime has no kernels for any more. */
const refused = /test_(BatchNorm2d_eval|GLU|Linear)\/model\.onnx$/;

const models = realModels(
  "data/onnx/face",
  "data/onnx/gonnx",
  "data/onnx/magika-fast-v2_1",
  "data/onnx/mnist",
  "data/onnx/odd-exporters",
  "data/onnx/pytorch-converted",
  "data/onnx/silero-vad",
  "data/onnx/tiny-random-gpt2",
  "data/onnx/traffic-sign",
  "data/torch",
);

describe.skipIf(models.length === 0)("made-up inputs run real models", () => {
  it.each(models)("$name", async ({ path }) => {
    if (refused.test(path)) {
      await expect(loadSession(path)).rejects.toThrow("Could not find an implementation");
      return;
    }
    const bounds = indexBounds(decodeModel(new Uint8Array(readFileSync(path))).graph);
    const session = await loadSession(path);
    const feeds = await runnableFeeds(session, { items: 3, seed: 1, bounds });
    const original = await runBatches(session, feeds);
    const again = await runBatches(session, await runnableFeeds(session, { items: 3, seed: 1, bounds }));
    const conditions = { engineVersion: "test" };
    const report = assessFidelity({ original, variant: again, conditions, inputs: "seeded inputs", seed: 1 });
    expect(report.alarms).toEqual([]);
    for (const { cosine, maxAbsDiff } of report.perOutput.values()) {
      for (const value of cosine ?? []) expect(value).toBeCloseTo(1, 6);
      expect(maxAbsDiff).toBe(0);
    }
    await session.release();
  });

  it("notices another model in its place", async () => {
    const [one, other] = ["mnist2x10.onnx", "mnist5x20_leaky_relu.onnx"].map(
      (name) => models.find(({ path }) => path.endsWith(name))!.path,
    );
    const session = await loadSession(one!);
    const feeds = await runnableFeeds(session, { items: 50, seed: 1 });
    const original = await runBatches(session, feeds);
    const variant = await runBatches(await loadSession(other!), feeds);
    const { measurements } = assessFidelity({
      original,
      variant,
      conditions: { engineVersion: "test" },
      inputs: "seeded inputs",
      seed: 1,
    });
    expect(measurements.find(({ name }) => name === "fidelity/cosine")!.value).toBeLessThan(0.9);
    expect(measurements.find(({ name }) => name === "fidelity/argmax-agreement")).toMatchObject({ n: 50 });
  });

  // Boxes and states are no scores, whatever the other outputs are.
  it.each([
    ["tiny-random-gpt2/fp32/past.onnx", ["logits"]],
    ["silero-vad/silero_vad_16k_op15.onnx", []],
    ["face/version-slim-320.onnx", ["scores"]],
    ["mnist/mnist2x10.onnx", ["output"]],
  ])("%s has scores in %j", async (name, expected) => {
    const { path } = models.find((model) => model.path.endsWith(name))!;
    const session = await loadSession(path);
    const bounds = indexBounds(decodeModel(new Uint8Array(readFileSync(path))).graph);
    const outputs = await runBatches(session, await runnableFeeds(session, { items: 3, seed: 1, bounds }));
    const found = [...outputs]
      .filter(([output, values]) => scoreAxis(output, values))
      .map(([output]) => output);
    expect(found).toEqual(expected);
    await session.release();
  });
});
