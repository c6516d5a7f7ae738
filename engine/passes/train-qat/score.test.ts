import { describe, expect, it } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import { encodeModel } from "#engine/onnx/encode.ts";
import type { Model } from "#engine/onnx/model.ts";
import { predict } from "#engine/runtime/predict.ts";
import { loadSession } from "#engine/runtime/session.ts";
import { loadExecutable, trainingOf } from "#engine/runtime/tools.ts";
import { architectureSchema } from "#engine/train/catalogue/architecture.schema.ts";
import { buildArchitecture } from "#engine/train/catalogue/index.ts";
import { runStep } from "../index.ts";
import { silent } from "../pass.ts";
import { stepSchema } from "../step.schema.ts";
import { inEnglish } from "../testing/in-english.ts";
import { itemsFor } from "./testing/items.ts";

const specs = [
  { kind: "mlp", input: [8], hidden: [16], outputs: 3 },
  { kind: "lenet-5", input: [1, 16, 16], outputs: 3 },
  { kind: "mobilenet", input: [3, 16, 16], outputs: 3, width: 4, blocks: 2 },
  { kind: "transformer", vocabulary: 30, length: 6, outputs: 3, width: 16, heads: 2, layers: 1 },
];

/** Share of the tuning items that the exported model has right, in per cent. */
async function accuracyOf(model: Model, dataset: ReturnType<typeof itemsFor>): Promise<number> {
  const rows = dataset.splits.tuning;
  const session = await loadSession(Buffer.concat(encodeModel(model)));
  try {
    const [outputs] = [...(await predict(session, dataset, rows)).values()];
    const values = outputs?.values ?? new Float32Array();
    const right = [...rows].filter((row, at) => {
      const scores = values.subarray(at * 3, at * 3 + 3);
      return scores.indexOf(Math.max(...scores)) === dataset.labels?.values[row];
    });
    return (100 * right.length) / rows.length;
  } finally {
    await session.release();
  }
}

describe("the score that train.qat reports", () => {
  it.each(specs)("is that of the model it exports: $kind", async (given) => {
    const spec = architectureSchema.parse(given);
    const dataset = itemsFor(spec);
    const model = cloneStructure(buildArchitecture(spec, 3));
    const step = stepSchema.parse({ use: "train.qat", epochs: 5, batch_size: 16, learning_rate: 0.003 });
    const context = { ...silent, load: loadExecutable, training: trainingOf(dataset) };
    const { changed, warnings } = inEnglish(await runStep(model, step, context));
    const texts = [...changed.map(({ what }) => what), ...warnings];
    const said = texts.find((text) => text.startsWith("accuracy")) ?? "";
    const [, before = 0, after = 0] = [...said.matchAll(/([\d.]+)%/g)].map(([, number]) => Number(number));
    const isStart = warnings.some((text) => text.startsWith("No epoch was better"));
    expect(await accuracyOf(model, dataset)).toBeCloseTo(isStart ? before : after, 1);
    expect(Math.max(before, after)).toBeGreaterThan(0);
  });
});
