import { afterAll, expect } from "vitest";
import { cloneStructure } from "#engine/graph/clone.ts";
import type { Model } from "#engine/onnx/model.ts";
import { loadExecutable } from "#engine/runtime/tools.ts";
import { silent } from "../../pass.ts";
import { quantizeStaticSchema } from "../../quantize.static.schema.ts";
import { quantizeStatic } from "../../quantize.static.ts";
import { opTypes, value } from "../../testing/build.ts";
import { type CompareRequest, Comparer } from "../../testing/compare.ts";
import { tensorText } from "../../testing/describe.ts";
import { type EnglishResult, inEnglish } from "../../testing/in-english.ts";
import { randomCalibration } from "./random.ts";

export const formats = ["qdq", "qoperator"] as const;
/** As many items as ranges need that hold for other random inputs as well. */
const calibration = randomCalibration({ batches: 60, batch: 4 });

/** Quantises a copy, and sees to it that the source keeps its numbers. */
export async function run(
  source: Model,
  options: object = {},
  data = calibration,
): Promise<{ changed: Model; result: EnglishResult }> {
  const changed = cloneStructure(source);
  const before = source.graph.initializer.map(tensorText);
  const step = quantizeStaticSchema.parse({ use: "quantize.static", ...options });
  const context = { ...silent, load: loadExecutable, calibration: data };
  const result = inEnglish(await quantizeStatic(changed, step, context));
  expect(source.graph.initializer.map(tensorText)).toEqual(before);
  return { changed, result };
}

/** Another seed than the weights have: inputs that equal a weight give results that no calibration item gave. */
export const unlike = { dims: { n: 4 }, seed: 12_345 };

/** For a test file: the comparer ends with its tests. */
export function useComparer() {
  const comparer = new Comparer();
  afterAll(() => comparer[Symbol.dispose]());
  /** Quantises in both formats, with one scale per channel and one per tensor, and compares with the original. */
  const check = async (
    source: Model,
    options: object = {},
    cosine = 0.999,
    inputs: Partial<CompareRequest> = { dims: { n: 4 } },
  ): Promise<Record<string, Model>> => {
    const made: Record<string, Model> = {};
    for (const format of formats) {
      for (const per_channel of [true, false]) {
        const { changed, result } = await run(source, { format, per_channel, ...options });
        expect(result.changed.length, `${format} ${JSON.stringify(result.skipped)}`).toBeGreaterThan(0);
        const { error, outputs } = await comparer.compare(source, changed, inputs);
        expect(error, `${format} ${per_channel}`).toBeUndefined();
        for (const output of outputs) {
          expect(output.cosine, `${format} ${per_channel} ${output.name}`).toBeGreaterThan(cosine);
        }
        if (per_channel) made[format] = changed;
      }
    }
    return made;
  };
  return { comparer, check };
}

export const ops = (made: Model | undefined) => (made === undefined ? [] : opTypes(made.graph));

export const x = value("x", ["n", 16]);
export const y = value("y", ["n", 16]);
export const image = value("x", ["n", 4, 8, 8]);
