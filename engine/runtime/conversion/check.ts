import { EngineError } from "../../error.ts";
import { indexBounds } from "../../evaluate/fidelity/index-bounds.ts";
import type { TensorMap } from "../../evaluate/tensors/tensor.ts";
import type { ForeignFormat } from "../../formats/conversion.schema.ts";
import type { Unchecked } from "../../formats/index.ts";
import { compareOutputs, type OutputPair } from "../../formats/parity/compare.ts";
import { parityFeeds } from "../../formats/parity/inputs.ts";
import { perturbed } from "../../formats/parity/perturb.ts";
import type { ParityReport } from "../../formats/parity/report.schema.ts";
import type { ReferenceModel } from "../../formats/reference.ts";
import type { ModelSession } from "../session.ts";

/**
 * TensorFlow Lite rounds what goes into layers with 8-bit weights to 8 bits, too, where a file gives no scales for it
 * (dynamic range quantisation). The conversion computes such layers with what the weights stand for, and does not: a
 * step is 1/127 of the largest value of what goes in.
 */
const hybridTolerance = 0.01;

/** How often inputs are changed by as little as rounding, where the outputs are further apart than is usual. */
const tries = 6;

async function around(
  feed: TensorMap,
  at: number,
  converted: ModelSession,
  indices: ReadonlySet<string>,
): Promise<TensorMap[]> {
  const found: TensorMap[] = [];
  for (let attempt = 0; attempt < tries; attempt++)
    found.push(await converted.run(perturbed(feed, seed + at * tries + attempt, indices)));
  return found;
}

/** Of the inputs: the same for everybody, so that a report can be made again. */
const seed = 1;

/** Steps of a quantised output that ONNX Runtime's rounding may differ by from that of another runtime. */
const quantisedSteps: Readonly<Record<ForeignFormat, number>> = { "tensorflow-js": 0, "tensorflow-lite": 2 };

/**
 * Executes an original and its conversion on the same inputs.
 *
 * @throws EngineError "runtime-refused" where one of them does not run, "unsupported" where they differ
 */
export async function checkParity(
  format: ForeignFormat,
  { model, notes }: Pick<Unchecked, "model" | "notes">,
  reference: ReferenceModel,
  converted: ModelSession,
): Promise<ParityReport> {
  const bounds = indexBounds(model.graph);
  const isHybrid = notes.some(({ key }) => key === "tflite.hybrid");
  const about = {
    reference: reference.name,
    seed,
    steps: quantisedSteps[format],
    ...(isHybrid && { tolerance: hybridTolerance }),
  };
  const pairs: OutputPair[] = [];
  for (const [at, feed] of parityFeeds(converted.signature, { seed, bounds }).entries()) {
    const pair = { original: await reference.run(feed), converted: await converted.run(feed) };
    const isNear = compareOutputs([pair], about).agrees;
    pairs.push(
      isNear ? pair : { ...pair, nearby: await around(feed, at, converted, new Set(bounds.keys())) },
    );
  }
  const report = compareOutputs(pairs, about);
  if (report.agrees) return report;
  const worst = report.outputs.toSorted((a, b) => b.maxRelative - a.maxRelative)[0];
  const least = report.outputs.find(({ maxRelative }) => !Number.isFinite(maxRelative)) ?? worst;
  throw new EngineError(
    "unsupported",
    `The converted model does not compute what ${reference.name} does: a value differs by ${(least?.maxAbs ?? Number.NaN).toPrecision(3)} (${(least?.maxRelative ?? Number.NaN).toPrecision(3)} of the largest; ${report.tolerance} is allowed). Nothing of it was kept; please report the model`,
    `output "${least?.name ?? ""}"`,
  );
}
