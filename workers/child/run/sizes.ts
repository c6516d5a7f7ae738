import type { Measurement } from "#engine/evaluate/measurement.schema.ts";
import { sizeMeasurements } from "#engine/evaluate/size.ts";
import { engineVersion } from "#engine/runtime/engine-version.ts";
import { modelSize } from "#engine/runtime/model-size.ts";
import type { Subjects } from "./subject.ts";

/** Bytes, parameters and zeros: counted, so exact. */
export async function sizes({ candidate, baseline }: Subjects): Promise<Measurement[]> {
  const after = await modelSize(candidate.path, candidate.inspection);
  const before = baseline && (await modelSize(baseline.path, baseline.inspection));
  return sizeMeasurements(after, { engineVersion }, before);
}
