import { EngineError } from "../../error.ts";
import { indexBounds } from "../../evaluate/fidelity/index-bounds.ts";
import type { ForeignFormat } from "../../formats/conversion.schema.ts";
import { compareOutputs } from "../../formats/parity/compare.ts";
import { parityFeeds } from "../../formats/parity/inputs.ts";
import type { ParityReport } from "../../formats/parity/report.schema.ts";
import type { ReferenceModel } from "../../formats/reference.ts";
import type { Model } from "../../onnx/model.ts";
import type { ModelSession } from "../session.ts";

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
  model: Model,
  reference: ReferenceModel,
  converted: ModelSession,
): Promise<ParityReport> {
  const feeds = parityFeeds(converted.signature, { seed, bounds: indexBounds(model.graph) });
  const pairs = [];
  for (const feed of feeds) {
    pairs.push({ original: await reference.run(feed), converted: await converted.run(feed) });
  }
  const report = compareOutputs(pairs, {
    reference: reference.name,
    seed,
    steps: quantisedSteps[format],
  });
  if (report.agrees) return report;
  const worst = report.outputs.toSorted((a, b) => b.maxRelative - a.maxRelative)[0];
  const least = report.outputs.find(({ maxRelative }) => !Number.isFinite(maxRelative)) ?? worst;
  throw new EngineError(
    "unsupported",
    `The converted model does not compute what ${reference.name} does: a value differs by ${(least?.maxAbs ?? Number.NaN).toPrecision(3)} (${(least?.maxRelative ?? Number.NaN).toPrecision(3)} of the largest; ${report.tolerance} is allowed). Nothing was registered; please report the model`,
    `output "${least?.name ?? ""}"`,
  );
}
